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
	used    bool           // something has run in it
	aside   bool           // something has that is beside the program
	builds  []sandbox.Exec // what made /work from the files, to make it again
	rlimits *frame.Result
	lost    bool
	loose   bool // the group does not keep the processors: the runner does
	last    cgroup.Counters
}

// swept folders are emptied between samples.
var swept = []string{"/tmp", "/dev/shm"}

func (s *session) prepare(ctx context.Context) error {
	if err := s.box.verify(s.spec.Limits); err != nil {
		return err
	}
	s.pin()
	if len(s.spec.Files) > 0 { // an empty folder is what the runner begins with
		if err := s.box.conn.PutFiles(ctx, s.spec.Files); err != nil {
			return err
		}
	}
	if len(s.spec.Stdin) > 0 {
		return s.box.conn.SetStdin(s.spec.Stdin)
	}
	return nil
}

// Run implements sandbox.Session.
func (s *session) Run(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
	if s.used && !exec.Continue && !weaken.Off("restore") {
		if err := s.renew(ctx); err != nil {
			s.lost = true
			return nil, err
		}
	}
	s.used = true
	s.aside = s.aside || exec.Aside
	if !exec.Build {
		return s.execute(ctx, exec)
	}
	s.builds = append(s.builds, exec)
	return s.runBuild(ctx, exec)
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
	report, err := s.box.conn.Do(ctx, job, exec.Output)
	if err != nil {
		s.lost = true
		return s.explainLoss(ctx, err)
	}
	after, err := s.box.counters(context.WithoutCancel(ctx))
	if err != nil {
		s.lost = true
		return nil, err
	}
	if s.rlimits == nil && report.Status != frame.NotStarted {
		s.rlimits = &report.Result
	}
	outcome := report.Outcome(job, before.Evidence(after))
	s.addFigures(outcome, report, before, after, fresh)
	s.lost = s.lost || report.EmptyAt < 0 && report.Status != frame.NotStarted
	return outcome, nil
}

// renew makes the boundary what it was before the first sample.
func (s *session) renew(ctx context.Context) error {
	emptied, err := s.box.conn.Restore(ctx, swept)
	if err != nil || !emptied {
		return err
	}
	if err := s.box.conn.PutFiles(ctx, s.spec.Files); err != nil {
		return err
	}
	for _, build := range s.builds {
		o, err := s.runBuild(ctx, build)
		if err == nil && o.Verdict != bench.OK {
			err = fmt.Errorf("%q ended %s when it was repeated, because a sample had changed what it made in /work", build.Argv, o.Verdict)
		}
		if err != nil {
			return err
		}
	}
	return nil
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
	l := s.spec.Limits
	job := &frame.Job{
		Argv: argv, Env: sandbox.WithDefaults(exec.Env, "HOME=/work", "TMPDIR=/tmp"), Dir: "/work",
		Timeout: int64(exec.Timeout), Grace: int64(exec.Grace),
		CPUTime: int64(l.CPUTime * float64(time.Millisecond)),
		Output:  l.Output, StrictOutput: s.spec.Strict[bench.LimitOutput],
		OpenFiles: openFiles, FileSize: l.Disk, Disks: []string{"/work", "/tmp"},
		Stdin: len(s.spec.Stdin) > 0 && !exec.Aside,
	}
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
	s.loose = s.box.group.Pin(s.spec.CPUs) != nil
}

func (s *session) reusable() bool {
	return s.spec.Trusted && s.backend.config.Reuse || weaken.Off("one-use")
}

// addFigures fills in what the group knows of the whole container.
func (s *session) addFigures(o *sandbox.Outcome, r *runner.Report, before, after cgroup.Counters, fresh bool) {
	if o.CPU == nil {
		return
	}
	peakSource := "wait4 ru_maxrss"
	if after.MemoryPeak != nil && (fresh || !s.aside) { // it may be that of a command beside the program
		o.MaxRSS, o.TreePeak = after.MemoryPeak, after.MemoryPeak
		peakSource = s.box.peakSource()
		if !fresh {
			peakSource += ", since the container was started: its floor is what starting it took"
		}
	}
	o.Sources.MaxRSS = &peakSource
	s.last = after
	r.CrossCheck(o, cgroup.Difference(before.CPU, after.CPU), s.box.cpuSource())
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
// ran out, the engine went away, or somebody ended the container.
func (s *session) explainLoss(ctx context.Context, err error) (*sandbox.Outcome, error) {
	ctx = context.WithoutCancel(ctx)
	for range 20 { // the engine tells of it a little later
		if s.box.oom.Load() {
			return &sandbox.Outcome{
				Verdict: bench.OOM, Death: bench.Death{How: "not_ended"},
				Reason: "Memory ran out and the kernel took the whole container, the runner in it: there are no figures.",
			}, nil
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
		account.Receipt = append(account.Receipt, s.box.conn.CPUSet(ctx, &s.spec, runner.HowPinned(s.loose)))
	}
	if now, err := s.box.readTotals(ctx); err == nil {
		account.Tree = s.box.totals.Tree(now, s.last)
	}
	return account
}

func (s *session) receipt() []bench.Receipt {
	lines := s.box.inForce.Receipt(s.spec.Limits)
	lines = append(lines, runner.Receipt(s.spec.Limits, openFiles, s.rlimits)...)
	mechanism := "tmpfs size of /work and /tmp, each"
	for i := range lines {
		if lines[i].Limit == bench.LimitDisk && s.rlimits != nil {
			lines[i].Mechanism = &mechanism
		}
	}
	lines = append(lines, s.box.facts.receipt()...)
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
