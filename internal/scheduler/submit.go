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
	if err := s.Store.Ready(); err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	var batch *bench.Batch
	var batchID *string
	if parallel > 0 {
		batch = &bench.Batch{ID: ulid.Make().String(), Parallel: parallel}
		batchID = &batch.ID
	}
	submissions := make([]bench.Submission, len(plans))
	runs := make([]bench.Run, len(plans))
	for i := range plans {
		runs[i] = bench.NewRun(ulid.Make().String(), &plans[i], batchID, now)
		submissions[i] = bench.Submission{Run: runs[i], Plan: plans[i]}
	}
	return runs, s.Store.Submit(ctx, submissions, batch)
}
