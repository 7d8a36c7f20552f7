//go:build linux

package process

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
	worker  *worker
	spec    sandbox.Spec
	kind    kind
	warm    bool
	work    *runner.Work  // of a sandbox
	rlimits *frame.Result // of the first job: rlimits as read back
	fresh   bool          // the group's memory peak is this session's own, or newer
	aside   bool          // what ran last was not the program
	lost    bool          // the runner can't be used again
	loose   bool          // the group does not keep the processors: the runner does
}

func newSession(b *Backend, w *worker, spec sandbox.Spec, k kind, warm bool) *session {
	s := &session{backend: b, worker: w, spec: spec, kind: k, warm: warm}
	if k.sandboxed {
		s.work = &runner.Work{Conn: w.conn, Files: spec.Files, Build: s.build}
	}
	return s
}

func (s *session) prepare(ctx context.Context) error {
	if err := s.worker.setLimits(s.spec.Limits); err != nil {
		return sandbox.Unavailable("", "%w", err)
	}
	s.loose = s.worker.group == nil || s.worker.group.Pin(runner.LoosenCPUs(s.spec.CPUs)) != nil
	if s.worker.group != nil {
		s.fresh = s.worker.group.ResetPeak() || s.worker.jobs == 0
	}
	if err := s.verify(); err != nil {
		return err
	}
	if s.work != nil {
		if err := s.work.Put(ctx); err != nil {
			return err
		}
	}
	if len(s.spec.Stdin) > 0 {
		if err := s.worker.conn.SetStdin(s.spec.Stdin); err != nil {
			return sandbox.Unavailable("", "hand the standard input to the runner: %w", err)
		}
	}
	return nil
}

// Run implements sandbox.Session.
func (s *session) Run(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
	if exec.Builtin != "" && s.backend.config.Builtin == "" {
		return nil, sandbox.Unavailable("make build", "the built-in benchmarks were not built into this binary")
	}
	if err := s.ready(ctx, exec); err != nil {
		s.lost = true
		return nil, err
	}
	if exec.Build && s.work != nil {
		return s.build(ctx, exec)
	}
	return s.execute(ctx, exec)
}

// ready makes the boundary what it was before the first sample.
func (s *session) ready(ctx context.Context, exec sandbox.Exec) error {
	switch {
	case weaken.Off("restore"):
		return nil
	case s.work != nil:
		return s.work.Ready(ctx, exec)
	case exec.Continue:
		return nil
	}
	return s.wipeTemp()
}

// build executes a build under its own limits, and has what it made kept.
func (s *session) build(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
	if err := s.worker.setLimits(exec.Limits); err != nil {
		return nil, err
	}
	o, err := s.execute(ctx, exec)
	if err == nil {
		err = s.worker.setLimits(s.spec.Limits)
	}
	if err == nil {
		err = s.worker.conn.Keep()
	}
	return o, err
}

func (s *session) execute(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
	if s.aside && s.worker.group != nil {
		s.fresh = s.worker.group.ResetPeak()
	}
	s.aside = exec.Aside
	job := s.job(exec)
	before := s.counters()
	stop := s.worker.group.UnthrottleAfter(exec.Timeout + exec.Grace)
	report, err := s.worker.conn.Do(ctx, job, exec.Output)
	s.lost = !stop() || s.lost
	s.worker.jobs++
	if err != nil {
		s.lost = true
		return s.explainLoss(before, err)
	}
	after := s.counters()
	if s.rlimits == nil && report.Status != frame.NotStarted {
		s.rlimits = new(report.Result)
	}
	outcome := report.Outcome(job, before.Evidence(after))
	s.addFigures(outcome, job, report, before, after)
	if report.EmptyAt < 0 && report.Status != frame.NotStarted {
		s.lost = true // something survived the runner: the group's kill takes it
		outcome.Notes = append(outcome.Notes, bench.Warning{
			Code:    "tree_not_empty",
			Message: "Processes of the program could not be ended from inside; their boundary was destroyed.",
		})
	}
	return outcome, nil
}

// explainLoss tells why the runner does not answer: where memory runs out again and
// again, its group stands still with it.
func (s *session) explainLoss(before cgroup.Counters, err error) (*sandbox.Outcome, error) {
	seen := before.Evidence(s.counters())
	if seen.OOMKills == nil || *seen.OOMKills == 0 {
		return nil, err
	}
	return runner.OutOfMemory(seen, "Memory ran out so often that the runner could not end the program in time: there are no figures."), nil
}

func (s *session) job(exec sandbox.Exec) *frame.Job {
	argv := exec.Argv
	if exec.Builtin != "" {
		argv = []string{s.builtin(), exec.Builtin}
	}
	job := runner.NewJob(&s.spec, &exec, argv)
	if s.work != nil {
		job.Env = sandbox.WithDefaults(withoutHome(exec.Env), "HOME=/work", "TMPDIR=/tmp")
		job.Dir, job.Disks, job.Swept = cmp.Or(s.kind.dir, "/work"), runner.Sized, runner.AllFolders
	} else {
		job.Env, job.Dir = sandbox.WithDefaults(exec.Env, "TMPDIR="+s.worker.temp), exec.Dir
	}
	if s.loose {
		job.CPUs = runner.CPUs(s.spec.CPUs)
	}
	return job
}

// withoutHome leaves out the home of the server's user, which is not there.
func withoutHome(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(kv string) bool { return kv == "HOME="+os.Getenv("HOME") })
}

func (s *session) builtin() string {
	if s.work != nil {
		return builtinPath
	}
	return s.backend.config.Builtin
}

// addFigures fills in what the group knows, and cross-checks the CPU time.
func (s *session) addFigures(o *sandbox.Outcome, job *frame.Job, r *runner.Report, before, after cgroup.Counters) {
	if o.CPU == nil {
		return
	}
	s.worker.size = r.Floor
	o.Sources.MaxRSS = new(r.RSSSource())
	if s.fresh {
		o.TreePeak = after.MemoryPeak
	}
	r.CrossCheck(o, job, cgroup.Difference(before.CPU, after.CPU), s.worker.cpuSource())
}

func (s *session) counters() cgroup.Counters {
	if s.worker.group == nil {
		return cgroup.Counters{}
	}
	return s.worker.group.Counters()
}

// wipeTemp empties TMPDIR between samples. os.RemoveAll follows no link.
func (s *session) wipeTemp() error {
	entries, err := os.ReadDir(s.worker.temp)
	if err != nil {
		return fmt.Errorf("read the program's temporary folder: %w", err)
	}
	for _, e := range entries {
		if err := os.RemoveAll(filepath.Join(s.worker.temp, e.Name())); err != nil {
			return fmt.Errorf("empty the program's temporary folder: %w", err)
		}
	}
	return nil
}

// Close implements sandbox.Session. A sandbox that strangers' code has run in is
// never used again.
func (s *session) Close() error {
	reusable := !s.lost && !s.worker.isSpent() && (s.worker.group == nil || s.fresh)
	k := s.kind
	k.size = fileSize(s.spec.Limits.Disk)
	if k.sandboxed {
		k.used, reusable = true, reusable && (s.spec.Trusted || weaken.Off("one-use"))
	}
	s.backend.pool.Give(k, s.worker, reusable && s.backend.hasRoom())
	return nil
}

// Glance implements sandbox.Glancer.
func (s *session) Glance() (cpu *time.Duration, memory *int64) {
	if s.worker.group == nil {
		return nil, nil
	}
	now := s.worker.group.Glance()
	return (*time.Duration)(now.CPU), now.Memory
}
