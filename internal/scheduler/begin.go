package scheduler

import (
	"context"
	"time"

	"benchcell/internal/bench"
)

// begin starts a run that need not queue: nobody waits, there is a place, and the
// right to measure can be had now. Where it must, ended is nil.
func (s *Scheduler) begin(ctx context.Context, sub bench.Submission) (ended <-chan *bench.Run, forget func(), err error) {
	item := bench.Waiting{ID: sub.Run.ID, Measured: sub.Run.Kind.Measured()}
	working := s.placeIfFree(item)
	if working == nil {
		return nil, nil, nil
	}
	release, ok := s.Lock.Try(item.Measured, sub.Plan.Name)
	if !ok {
		s.leavePlace(item, nil)
		return nil, nil, nil
	}
	take := sub.Run.Take(time.Now().UTC())
	ended, forget, err = s.Store.Begin(ctx, sub, take)
	if err != nil {
		release()
		s.leavePlace(item, nil)
		return nil, nil, err
	}
	go func() {
		err := s.workBegun(working, []job{{take.Run, &sub.Plan}})
		release()
		s.leavePlace(item, err)
	}()
	return ended, forget, nil
}

// placeIfFree is nil where a run has to queue.
func (s *Scheduler) placeIfFree(item bench.Waiting) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending || s.queued != s.cleared || len(Plan([]bench.Waiting{item}, s.places(), s.capacity())) == 0 {
		return nil
	}
	return s.place(item)
}

func (s *Scheduler) workBegun(ctx context.Context, jobs []job) error {
	if err := s.loadFiles(ctx, jobs[0].plan); err != nil {
		return s.giveUpAll(context.WithoutCancel(ctx), jobs, "The files of the benchmark can't be read", err)
	}
	return s.carryOut(ctx, jobs)
}
