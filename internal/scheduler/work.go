package scheduler

import (
	"context"
	"errors"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// work takes one run, or both of a pair, has them executed and records the end. A
// run that somebody else took or cancelled meanwhile is left alone, and so is one
// whose turn has not come when the scheduler stops.
func (s *Scheduler) work(ctx, stopping context.Context, item bench.Waiting) error {
	always := context.WithoutCancel(ctx) // the store is asked also about what is cancelled
	jobs, err := s.ready(always, item.ID)
	if len(jobs) == 0 || err != nil {
		return err
	}
	release, err := s.acquire(ctx, stopping, item.Measured, jobs[0].plan.Name)
	if err == nil {
		defer release()
	}
	if ctx.Err() != nil || stopping.Err() != nil {
		return nil // cancelled by then, or still queued and run after a restart
	}
	if err != nil {
		return s.giveUpAll(always, jobs, "The right to measure can't be had", err)
	}
	if taken, err := s.take(always, jobs); !taken {
		return err
	}
	return s.carryOut(ctx, jobs)
}

// carryOut has what was taken executed, and keeps what came of it.
func (s *Scheduler) carryOut(ctx context.Context, jobs []job) error {
	always := context.WithoutCancel(ctx)
	var failed []error
	for i, m := range s.executed(ctx, jobs) {
		s.noteExecuted(jobs[i].run.ID)
		failed = append(failed, s.keep(always, s.end(ctx, jobs[i].run, m), jobs[i].run))
	}
	return errors.Join(failed...)
}

// ready gets what is to be worked, with its files. It is nothing if the run needs
// no work any more.
func (s *Scheduler) ready(ctx context.Context, id string) ([]job, error) {
	run, plan, err := s.recall(ctx, id)
	if run == nil {
		return nil, err
	}
	if run.State != bench.Queued {
		return nil, nil
	}
	if err != nil {
		return nil, s.giveUp(ctx, run, "What is to run can't be read", err)
	}
	jobs := []job{{run, plan}}
	if run.PairedWith != nil {
		if jobs, err = s.withOther(ctx, jobs[0]); err != nil {
			return nil, err
		}
	}
	for _, j := range jobs {
		if err := s.loadFiles(ctx, j.plan); err != nil {
			return nil, s.giveUpAll(ctx, jobs, "The files of the benchmark can't be read", err)
		}
	}
	return jobs, nil
}

// take takes all of what is to be worked together, or none: what was taken of it
// ends with what was not.
func (s *Scheduler) take(ctx context.Context, jobs []job) (taken bool, err error) {
	for i := range jobs {
		take := jobs[i].run.Take(time.Now().UTC())
		if err := s.Store.Apply(ctx, take); err != nil {
			for _, before := range jobs[:i] {
				err = errors.Join(err, s.leave(ctx, before.run, s.asStored(ctx, jobs[i].run)))
			}
			return false, unlessConflict(err)
		}
		jobs[i].run = take.Run
	}
	return true, nil
}

// asStored is a run as it is by now, if the store can say.
func (s *Scheduler) asStored(ctx context.Context, run *bench.Run) *bench.Run {
	if now, err := s.Store.Run(ctx, run.ID); err == nil {
		return now
	}
	return run
}

// keep stores the end of a run, or at least that there was one.
func (s *Scheduler) keep(ctx context.Context, t bench.Transition, run *bench.Run) error {
	err := s.record(ctx, t)
	if err != nil && bench.CodeOf(err) == bench.CodeInternal {
		return errors.Join(err, s.giveUp(ctx, run, "The result can't be stored", err))
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

func (s *Scheduler) giveUpAll(ctx context.Context, jobs []job, what string, err error) error {
	var failed []error
	for _, j := range jobs {
		failed = append(failed, s.giveUp(ctx, j.run, what, err))
	}
	return errors.Join(failed...)
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
