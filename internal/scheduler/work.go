package scheduler

import (
	"context"
	"fmt"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// work takes one run, has it executed and records the end. A run that somebody
// else took or cancelled meanwhile is left alone.
func (s *Scheduler) work(ctx context.Context, item bench.Waiting) error {
	run, err := s.Store.Run(ctx, item.ID)
	if err != nil || run.State != bench.Queued {
		return err
	}
	plan, err := s.Store.Plan(ctx, item.ID)
	if err != nil {
		return err
	}
	release, err := s.Lock.Acquire(ctx, item.Measured, plan.Name)
	if err != nil {
		if context.Cause(ctx) != nil {
			return nil // still queued: cancelled there, or run after a restart
		}
		return err
	}
	defer release()
	take := run.Take(time.Now().UTC())
	if err := s.Store.Apply(ctx, take); err != nil {
		if bench.CodeOf(err) == bench.CodeConflict {
			return nil
		}
		return err
	}
	m := s.Worker.Execute(ctx, take.Run, plan)
	return s.record(s.end(ctx, take.Run, m))
}

// end makes the last transition of what the worker brought back.
func (s *Scheduler) end(ctx context.Context, run *bench.Run, m *bench.Measurement) bench.Transition {
	if m.Verdict == bench.Cancelled && context.Cause(ctx) == errShutdown {
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
	if run.Kind.Measured() {
		for _, w := range stats.Warnings(walls, hints(m)...) {
			run.Warnings = append(run.Warnings, bench.Warning(w))
		}
	}
	if m.Verdict == bench.OK && run.Target != nil {
		rate(run, walls)
	}
}

func hints(m *bench.Measurement) []stats.Hint {
	if m.TimeSource == bench.TimeByRunner {
		return []stats.Hint{stats.FromOutside}
	}
	return nil
}

func rate(run *bench.Run, walls []float64) {
	rating := bench.Rating(stats.Rate(walls, *run.Target))
	run.Rating = &rating
	if rating != bench.Unsure {
		return
	}
	advice := "The samples can't tell on which side of the target the benchmark lies"
	if n, ok := stats.SamplesToDecide(walls, *run.Target); ok {
		advice += fmt.Sprintf("; about %d samples would decide.", n)
	} else {
		advice += ": it lies too near."
	}
	run.Warnings = append(run.Warnings, bench.Warning{Code: "undecided", Message: advice})
}

// record stores the end. A disk that is full must not lose it, so it is tried
// until it is stored or somebody else has ended the run.
func (s *Scheduler) record(t bench.Transition) error {
	wait := 100 * time.Millisecond
	for {
		err := s.Store.Apply(context.Background(), t)
		if err == nil && s.Recorded != nil {
			s.Recorded(t.Run)
		}
		if err == nil || bench.CodeOf(err) != bench.CodeStorage {
			return err
		}
		s.Log.Error("a result could not be stored, trying again", "run", t.Run.ID, "error", err)
		time.Sleep(wait)
		wait = min(2*wait, 5*time.Second)
	}
}
