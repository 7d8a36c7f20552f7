package scheduler

import (
	"context"
	"strings"
	"time"

	"benchcell/internal/bench"
)

// job is a run that is to be worked, with what it executes.
type job struct {
	run  *bench.Run
	plan *bench.Plan
}

// SubmitPair queues the runs of two plans that bench.Pair made, to be worked
// together.
func (s *Scheduler) SubmitPair(ctx context.Context, plans [2]bench.Plan) ([]bench.Run, error) {
	list, err := s.submissions(ctx, plans[:], nil)
	if err != nil {
		return nil, err
	}
	bench.PairRuns(&list[0].Run, &list[1].Run)
	return s.queue(list, func() error { return s.Store.Submit(ctx, list, nil) })
}

// withOther adds the other side of a pair, so that A comes first. If that is not
// queued any more, what is left of the pair ends too: a server died between two
// changes of it.
func (s *Scheduler) withOther(ctx context.Context, one job) ([]job, error) {
	other, plan, err := s.recall(ctx, *one.run.PairedWith)
	if err != nil {
		return nil, s.giveUp(ctx, one.run, "The other side of the comparison can't be read", err)
	}
	if other.State != bench.Queued {
		return nil, s.leave(ctx, one.run, other)
	}
	if *one.run.Side == bench.SideB {
		return []job{{other, plan}, one}, nil
	}
	return []job{one, {other, plan}}, nil
}

// leave ends a side that the other has left.
func (s *Scheduler) leave(ctx context.Context, run, other *bench.Run) error {
	verdict, how := bench.Interrupted, "it could not be taken"
	if other.Verdict != nil {
		how = "it ended first: " + strings.ReplaceAll(string(*other.Verdict), "_", " ")
		if *other.Verdict == bench.Cancelled {
			verdict = bench.Cancelled
		}
	}
	t := run.End(verdict, time.Now().UTC()).Fail("The other side of the comparison, run " + other.ID + ", is lost: " + how + ".")
	return unlessConflict(s.finish(ctx, t))
}

// executed has one run carried out, or two together.
func (s *Scheduler) executed(ctx context.Context, jobs []job) []*bench.Measurement {
	if len(jobs) == 1 {
		return []*bench.Measurement{s.Worker.Execute(ctx, jobs[0].run, jobs[0].plan)}
	}
	both := s.Worker.ExecutePair(ctx, [2]*bench.Run{jobs[0].run, jobs[1].run}, [2]*bench.Plan{jobs[0].plan, jobs[1].plan})
	return both[:]
}
