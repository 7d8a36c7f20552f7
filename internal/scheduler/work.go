package scheduler

import (
	"context"
	"errors"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// work takes one run, has it executed and records the end. A run that somebody
// else took or cancelled meanwhile is left alone, and so is one whose turn has
// not come when the scheduler stops.
func (s *Scheduler) work(ctx, stopping context.Context, item bench.Waiting) error {
	always := context.WithoutCancel(ctx) // the store is asked also about what is cancelled
	run, plan, err := s.recall(always, item.ID)
	if run == nil {
		return err
	}
	if run.State != bench.Queued {
		return nil
	}
	if err != nil {
		return s.giveUp(always, run, "What is to run can't be read", err)
	}
	if err := s.loadFiles(always, plan); err != nil {
		return s.giveUp(always, run, "The files of the benchmark can't be read", err)
	}
	release, err := s.acquire(ctx, stopping, item.Measured, plan.Name)
	if err == nil {
		defer release()
	}
	if ctx.Err() != nil || stopping.Err() != nil {
		return nil // cancelled by then, or still queued and run after a restart
	}
	if err != nil {
		return s.giveUp(always, run, "The right to measure can't be had", err)
	}
	take := run.Take(time.Now().UTC())
	if err := s.Store.Apply(always, take); err != nil {
		return unlessConflict(err)
	}
	m := s.Worker.Execute(ctx, take.Run, plan)
	err = s.record(always, s.end(ctx, take.Run, m))
	if err != nil && bench.CodeOf(err) == bench.CodeInternal {
		return errors.Join(err, s.giveUp(always, take.Run, "The result can't be stored", err))
	}
	return unlessConflict(err)
}

// acquire waits for the lock until the run is cancelled or none is taken any more.
func (s *Scheduler) acquire(ctx, stopping context.Context, exclusive bool, what string) (release func(), err error) {
	waiting, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer context.AfterFunc(stopping, func() { stop(errShutdown) })()
	return s.Lock.Acquire(waiting, exclusive, what)
}

// giveUp ends a run that can't be worked, so that it does not hold up the queue.
func (s *Scheduler) giveUp(ctx context.Context, run *bench.Run, what string, err error) error {
	t := run.End(bench.InternalError, time.Now().UTC()).Fail(what + ": " + err.Error())
	return unlessConflict(s.finish(ctx, t))
}

// unlessConflict: somebody else has ended the run, which is as good.
func unlessConflict(err error) error {
	if err != nil && bench.CodeOf(err) == bench.CodeConflict {
		return nil
	}
	return err
}

// end makes the last transition of what the worker brought back.
func (s *Scheduler) end(ctx context.Context, run *bench.Run, m *bench.Measurement) bench.Transition {
	if m.Verdict == bench.Cancelled && errors.Is(context.Cause(ctx), errShutdown) {
		m.Verdict, m.Error = bench.Interrupted, "The server was stopped while this was running."
	}
	t := run.Record(m)
	t.Run.Machine = &s.Machine
	Summarize(t.Run, m)
	return t
}

// Summarize computes a run's statistics from its samples: once, when it ends.
func Summarize(run *bench.Run, m *bench.Measurement) {
	walls := m.Walls()
	if len(walls) == 0 {
		return
	}
	sum := stats.Summarize(walls)
	run.Time = bench.Time{
		Median: &sum.Median, Mean: &sum.Mean, Min: &sum.Min, Max: &sum.Max, N: sum.N, Source: &m.TimeSource,
	}
	if sum.N > 1 {
		run.Time.Stddev = &sum.Stddev
	}
	if sum.HasCI {
		run.Time.CILow, run.Time.CIHigh = &sum.CILow, &sum.CIHigh
	}
	if run.Kind.Sampled() {
		for _, w := range stats.Warnings(walls, hints(m)...) {
			run.Warnings = append(run.Warnings, bench.Warning(w))
		}
	}
	run.Time.P95 = sum.P95
	if m.Verdict == bench.OK && run.Target != nil {
		rate(run, m)
	}
}

func hints(m *bench.Measurement) []stats.Hint {
	if m.TimeSource == bench.TimeByRunner {
		return []stats.Hint{stats.FromOutside}
	}
	return nil
}

// finish stores the end of a run and tells of it.
func (s *Scheduler) finish(ctx context.Context, t bench.Transition) error {
	err := s.Store.Apply(ctx, t)
	if err == nil && s.Recorded != nil {
		s.Recorded(t.Run)
	}
	return err
}

// record stores what was measured. A disk that is full must not lose it, so it is
// tried until it is stored, somebody else has ended the run, or we must go.
func (s *Scheduler) record(ctx context.Context, t bench.Transition) error {
	wait := 100 * time.Millisecond
	for {
		err := s.finish(ctx, t)
		if bench.CodeOf(err) != bench.CodeStorage {
			return err
		}
		s.Log.Error("a result could not be stored, trying again", "run", t.Run.ID, "error", err)
		select {
		case <-time.After(wait):
		case <-s.over:
			return err // the next start finds the run interrupted
		}
		wait = min(2*wait, 5*time.Second)
	}
}
