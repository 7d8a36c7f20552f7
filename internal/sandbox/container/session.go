package container

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/cgroup"
	"benchcell/internal/sandbox/runner"
	"benchcell/internal/sandbox/runner/frame"
	"benchcell/internal/sandbox/weaken"
)

type session struct {
	backend *Backend
	box     *box
	spec    sandbox.Spec
	kind    kind
	warm    bool
	work    *runner.Work
	aside   bool // something has run that is beside the program
	rlimits *frame.Result
	lost    bool
	loose   bool // the group does not keep the processors: the runner does
}

func newSession(b *Backend, x *box, spec sandbox.Spec, k kind, warm bool) *session {
	s := &session{backend: b, box: x, spec: spec, kind: k, warm: warm}
	s.work = &runner.Work{Conn: x.conn, Files: spec.Files, Build: s.runBuild}
	return s
}

func (s *session) prepare(ctx context.Context) error {
	if err := s.box.verify(s.kind); err != nil {
		return err
	}
	s.pin()
	if err := s.work.Put(ctx); err != nil {
		return err
	}
	if len(s.spec.Stdin) > 0 {
		return s.box.conn.SetStdin(s.spec.Stdin)
	}
	return nil
}

// Run implements sandbox.Session.
func (s *session) Run(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
	if !weaken.Off("restore") {
		if err := s.work.Ready(ctx, exec); err != nil {
			s.lost = true
			return nil, err
		}
	}
	s.aside = s.aside || exec.Aside
	if exec.Build {
		return s.runBuild(ctx, exec)
	}
	return s.execute(ctx, exec)
}

// runBuild executes a build under its own limits, and has what it made kept.
func (s *session) runBuild(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
	limits := withoutTime(exec.Limits)
	if limits != s.kind.limits {
		if err := s.box.setLimits(ctx, s.backend.engine, limits); err != nil {
			return nil, err
		}
	}
	o, err := s.execute(ctx, exec)
	if err == nil && limits != s.kind.limits {
		err = s.box.setLimits(ctx, s.backend.engine, s.kind.limits)
	}
	if err == nil {
		err = s.box.conn.Keep()
	}
	return o, err
}

func (s *session) execute(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
	job := s.job(exec)
	before, err := s.box.counters(ctx)
	if err != nil {
		s.lost = true
		return nil, err
	}
	fresh := s.box.group != nil && s.box.group.ResetPeak()
	stop := s.box.group.UnthrottleAfter(exec.Timeout + exec.Grace)
	report, err := s.box.conn.Do(ctx, job, exec.Output)
	s.lost = !stop() || s.lost
	if err != nil {
		s.lost = true
		return s.explainLoss(ctx, before, err)
	}
	after, err := s.box.counters(context.WithoutCancel(ctx))
	if err != nil {
		s.lost = true
		return nil, err
	}
	if s.rlimits == nil && report.Status != frame.NotStarted {
		s.rlimits = new(report.Result)
	}
	outcome := report.Outcome(job, before.Evidence(after))
	s.addFigures(outcome, job, report, before, after, fresh)
	s.lost = s.lost || report.EmptyAt < 0 && report.Status != frame.NotStarted
	return outcome, nil
}

// ReadFigures reads the container's counters, as is done around each sample.
func (s *session) ReadFigures(ctx context.Context) error {
	_, err := s.box.counters(ctx)
	return err
}

func (s *session) job(exec sandbox.Exec) *frame.Job {
	argv := exec.Argv
	if exec.Builtin != "" {
		argv = []string{builtinPath, exec.Builtin}
	}
	job := runner.NewJob(&s.spec, &exec, argv)
	job.Env, job.Dir = sandbox.WithDefaults(exec.Env, "HOME=/work", "TMPDIR=/tmp"), "/work"
	job.Disks, job.Swept = runner.Sized, runner.AllFolders
	if s.loose {
		job.CPUs = runner.CPUs(s.spec.CPUs)
	}
	return job
}

// pin gives the container its processors, now rather than when it is made: a warm
// one does not know whose it will be, and tests share all there are. The choice
// is of this machine, so that an engine elsewhere is left alone.
func (s *session) pin() {
	if s.box.group == nil {
		if len(s.spec.CPUs) > 0 {
			s.spec.CPUs, s.spec.WhyAll = nil, "the files of the container's control group are not at hand: its engine may be another machine's"
		}
		return
	}
	s.loose = s.box.group.Pin(runner.LoosenCPUs(s.spec.CPUs)) != nil
}

func (s *session) reusable() bool {
	return s.spec.Trusted && s.backend.config.Reuse || weaken.Off("one-use")
}

// addFigures fills in what the group knows of the whole container.
func (s *session) addFigures(o *sandbox.Outcome, job *frame.Job, r *runner.Report, before, after cgroup.Counters, fresh bool) {
	if o.CPU == nil {
		return
	}
	peakSource := r.RSSSource()
	if after.MemoryPeak != nil && (fresh || !s.aside) { // it may be that of a command beside the program
		o.MaxRSS, o.TreePeak = after.MemoryPeak, after.MemoryPeak
		peakSource = s.box.peakSource()
		if !fresh {
			peakSource += ", since the container was started: its floor is what starting it took"
		}
	}
	o.Sources.MaxRSS = &peakSource
	r.CrossCheck(o, job, cgroup.Difference(before.CPU, after.CPU), s.box.cpuSource())
}

func (x *box) peakSource() string {
	if x.group != nil {
		return x.group.PeakSource()
	}
	return "cgroup peak, read by the runner inside"
}

func (x *box) cpuSource() string {
	if x.group != nil {
		return x.group.CPUSource()
	}
	return "cgroup CPU usage, read by the runner inside"
}

// explainLoss tells why the runner is gone: the kernel took it because memory
// ran out, the engine went away, or somebody ended the container. The counters are
// there for some milliseconds more, and the engine tells of it a little later.
func (s *session) explainLoss(ctx context.Context, before cgroup.Counters, err error) (*sandbox.Outcome, error) {
	ctx = context.WithoutCancel(ctx)
	seen := bench.Evidence{}
	if s.box.group != nil {
		seen = before.Evidence(s.box.group.Counters())
	}
	for range 20 {
		if seen.OOMKills != nil && *seen.OOMKills > 0 || s.box.oom.Load() {
			return runner.OutOfMemory(seen, "Memory ran out and the kernel took the whole container, the runner in it: there are no figures."), nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	// Not CodeUnavailable: what was begun has broken.
	if _, gone := s.backend.engine.info(ctx); gone != nil {
		return nil, bench.Errorf(bench.CodeInternal, "the container engine went away in the middle of the run: %w", gone)
	}
	return nil, bench.Errorf(bench.CodeInternal, "the container was ended from outside in the middle of the run, or its engine is stopping: %w", err)
}

// Close implements sandbox.Session.
func (s *session) Close() error {
	k := s.kind
	k.used = true
	again := s.reusable() && !s.lost && s.box.group != nil && (weaken.Off("one-use") || s.box.clear() == nil)
	s.backend.pool.Give(k, s.box, again)
	return nil
}

// Account implements sandbox.Session.
func (s *session) Account(ctx context.Context) sandbox.Account {
	account := sandbox.Account{Receipt: s.receipt(), Cold: !s.warm}
	if s.lost {
		return account // nobody is left to ask
	}
	if s.spec.Measured {
		account.Receipt = append(account.Receipt, runner.CPUSet(&s.spec, runner.HowPinned(s.loose), s.box.allowed(ctx)))
	}
	if now, err := s.box.readTotals(ctx); err == nil {
		account.Tree = s.box.totals.Tree(now)
	}
	return account
}

func (s *session) receipt() []bench.Receipt {
	lines := s.box.inForce.Receipt(s.spec.Limits)
	lines = append(lines, runner.Receipt(s.spec.Limits, s.rlimits)...)
	s.box.view.RestateDisk(lines)
	lines = append(lines, runner.Proof(s.box.protections(s.kind))...)
	engine := "engine"
	runtime := cmp.Or(s.kind.runtime, "the engine's default")
	return append(lines, kernelOf(s.kind.runtime),
		bench.Receipt{Limit: "runtime", Requested: runtime, Mechanism: &engine, Effective: runtime},
		bench.Receipt{Limit: "container", Requested: s.box.image, Mechanism: &engine, Effective: fmt.Sprintf("%.12s", s.box.id)})
}

// Glance implements sandbox.Glancer.
func (s *session) Glance() (cpu *time.Duration, memory *int64) {
	if s.box.group == nil {
		return nil, nil
	}
	now := s.box.group.Glance()
	return (*time.Duration)(now.CPU), now.Memory
}
