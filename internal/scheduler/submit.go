package scheduler

import (
	"context"
	"time"

	"github.com/oklog/ulid/v2"

	"benchcell/internal/bench"
)

// Submit queues one run of each plan, all or none. With parallel above zero
// they are a batch, of whose unmeasured runs so many run at a time.
func (s *Scheduler) Submit(ctx context.Context, plans []bench.Plan, parallel int) ([]bench.Run, error) {
	var batch *bench.Batch
	if parallel > 0 {
		batch = &bench.Batch{ID: ulid.Make().String(), Parallel: parallel}
	}
	list, err := s.submissions(ctx, plans, batch)
	if err != nil {
		return nil, err
	}
	return s.queue(list, func() error { return s.Store.Submit(ctx, list, batch) })
}

// SubmitAwaited has a run for somebody who is told of it when it has ended, on the
// channel, and of nothing before. It starts at once if it need not queue. Who does
// not listen any more calls forget.
func (s *Scheduler) SubmitAwaited(ctx context.Context, plan bench.Plan) (run *bench.Run, ended <-chan *bench.Run, forget func(), err error) {
	list, err := s.submissions(ctx, []bench.Plan{plan}, nil)
	if err != nil {
		return nil, nil, nil, err
	}
	run = &list[0].Run
	if ended, forget, err = s.begin(ctx, list[0]); ended != nil || err != nil {
		return run, ended, forget, err
	}
	_, err = s.queue(list, func() (err error) {
		ended, forget, err = s.Store.SubmitAwaited(ctx, list[0])
		return err
	})
	return run, ended, forget, err
}

// submissions makes a run of each plan, with its files stored.
func (s *Scheduler) submissions(ctx context.Context, plans []bench.Plan, batch *bench.Batch) ([]bench.Submission, error) {
	if err := s.Store.Ready(); err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	var batchID *string
	if batch != nil {
		batchID = &batch.ID
	}
	list := make([]bench.Submission, len(plans))
	for i := range plans {
		if err := s.storeFiles(ctx, &plans[i]); err != nil {
			return nil, err
		}
		list[i] = bench.Submission{Run: bench.NewRun(ulid.Make().String(), &plans[i], batchID, now), Plan: plans[i]}
	}
	return list, nil
}

// queue has runs stored and looked at.
func (s *Scheduler) queue(list []bench.Submission, store func() error) ([]bench.Run, error) {
	runs := make([]bench.Run, len(list))
	for i := range list {
		runs[i] = list[i].Run
	}
	s.remember(list)
	if err := store(); err != nil {
		s.forget(runs...)
		return nil, err
	}
	s.bell.Ring()
	return runs, nil
}

// storeFiles stores the files of a plan as a source, once for all who have the
// same, and sees that a source that it names is there.
func (s *Scheduler) storeFiles(ctx context.Context, plan *bench.Plan) error {
	if len(plan.Files) == 0 {
		if plan.Source == "" {
			return nil
		}
		_, err := s.Store.Source(ctx, plan.Source)
		return err
	}
	archive, err := bench.PackSource(plan.Files)
	if err != nil {
		return err
	}
	plan.Source, err = s.Store.SaveSource(ctx, archive)
	plan.Files = nil
	return err
}

// loadFiles gets the files of a plan back.
func (s *Scheduler) loadFiles(ctx context.Context, plan *bench.Plan) error {
	if plan.Source == "" {
		return nil
	}
	archive, err := s.Store.Source(ctx, plan.Source)
	if err != nil {
		return err
	}
	plan.Files, err = bench.ReadSource(archive)
	return err
}
