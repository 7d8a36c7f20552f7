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
	if parallel == 0 {
		return s.submit(ctx, plans, nil, nil)
	}
	return s.submit(ctx, plans, &bench.Batch{ID: ulid.Make().String(), Parallel: parallel}, nil)
}

// submit queues runs after change has had a look at them.
func (s *Scheduler) submit(ctx context.Context, plans []bench.Plan, batch *bench.Batch, change func([]bench.Run)) ([]bench.Run, error) {
	if err := s.Store.Ready(); err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	var batchID *string
	if batch != nil {
		batchID = &batch.ID
	}
	runs := make([]bench.Run, len(plans))
	for i := range plans {
		if err := s.storeFiles(ctx, &plans[i]); err != nil {
			return nil, err
		}
		runs[i] = bench.NewRun(ulid.Make().String(), &plans[i], batchID, now)
	}
	if change != nil {
		change(runs)
	}
	submissions := make([]bench.Submission, len(plans))
	for i := range plans {
		submissions[i] = bench.Submission{Run: runs[i], Plan: plans[i]}
	}
	s.remember(submissions)
	if err := s.Store.Submit(ctx, submissions, batch); err != nil {
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
