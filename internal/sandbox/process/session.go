//go:build linux

package process

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/cgroup"
	"benchcell/internal/sandbox/runner"
	"benchcell/internal/sandbox/runner/frame"
)

// openFiles is the RLIMIT_NOFILE of a program.
const openFiles = 4096

type session struct {
	backend *Backend
	worker  *worker
	spec    sandbox.Spec
	rlimits *frame.Result // of the first job: rlimits as read back
	fresh   bool          // the group's memory peak is this session's own, or newer
	aside   bool          // what ran last was not the program
	lost    bool          // the runner can't be used again
	loose   bool          // the group does not keep the processors: the runner does
	last    cgroup.Counters
}

func (s *session) prepare() error {
	if err := s.worker.setLimits(s.spec.Limits); err != nil {
		return sandbox.Unavailable("", "%w", err)
	}
	s.loose = s.worker.group == nil || s.worker.group.Pin(s.spec.CPUs) != nil
	if s.worker.group != nil {
		s.fresh = s.worker.group.ResetPeak() || s.worker.jobs == 0
	}
	if err := s.verify(); err != nil {
		return err
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
	if !exec.Continue {
		if err := s.wipeTemp(); err != nil {
			return nil, err
		}
	}
	if s.aside && s.worker.group != nil {
		s.fresh = s.worker.group.ResetPeak()
	}
	s.aside = exec.Aside
	job := s.job(exec)
	before := s.counters()
	report, err := s.worker.conn.Do(ctx, job, exec.Output)
	s.worker.jobs++
	if err != nil {
		s.lost = true
		return nil, err
	}
	after := s.counters()
	if s.rlimits == nil && report.Status != frame.NotStarted {
		s.rlimits = &report.Result
	}
	outcome := report.Outcome(job, before.Evidence(after))
	s.addFigures(outcome, report, before, after)
	if report.EmptyAt < 0 && report.Status != frame.NotStarted {
		s.lost = true // something survived the runner: the group's kill takes it
		outcome.Notes = append(outcome.Notes, bench.Warning{
			Code:    "tree_not_empty",
			Message: "Processes of the program could not be ended from inside; their boundary was destroyed.",
		})
	}
	return outcome, nil
}

func (s *session) job(exec sandbox.Exec) *frame.Job {
	argv := exec.Argv
	if exec.Builtin != "" {
		argv = []string{s.backend.config.Builtin, exec.Builtin}
	}
	job := &frame.Job{
		Argv: argv, Env: sandbox.WithDefaults(exec.Env, "TMPDIR="+s.worker.temp), Dir: exec.Dir,
		Timeout: int64(exec.Timeout), Grace: int64(exec.Grace),
		CPUTime:      int64(s.spec.Limits.CPUTime * float64(time.Millisecond)),
		Output:       s.spec.Limits.Output,
		StrictOutput: s.spec.Strict[bench.LimitOutput],
		OpenFiles:    openFiles, FileSize: s.spec.Limits.Disk,
		Stdin: len(s.spec.Stdin) > 0 && !exec.Aside,
	}
	if s.loose {
		job.CPUs = runner.CPUs(s.spec.CPUs)
	}
	return job
}

// addFigures fills in what the group knows, and cross-checks the CPU time.
func (s *session) addFigures(o *sandbox.Outcome, r *runner.Report, before, after cgroup.Counters) {
	if o.CPU == nil {
		return
	}
	rss := fmt.Sprintf("wait4 ru_maxrss (floor %d KiB: the runner's own size)", s.worker.conn.Floor()>>10)
	o.Sources.MaxRSS = &rss
	if s.fresh {
		o.TreePeak = after.MemoryPeak
	}
	s.last = after
	r.CrossCheck(o, cgroup.Difference(before.CPU, after.CPU), s.worker.cpuSource())
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

// Close implements sandbox.Session.
func (s *session) Close() error {
	reusable := !s.lost && s.worker.jobs < maxJobs && (s.worker.group == nil || s.fresh)
	s.backend.pool.Give(fileSize(s.spec.Limits.Disk), s.worker, reusable)
	return nil
}
