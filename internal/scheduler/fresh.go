package scheduler

import (
	"context"

	"benchcell/internal/bench"
)

// mostFresh bounds what is remembered, in runs.
const mostFresh = 1024

// remember keeps what was just submitted, so that taking it need not read it
// back. What is not remembered is read: it is a short cut and no truth.
func (s *Scheduler) remember(submissions []bench.Submission) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queued++
	for _, sub := range submissions {
		if len(s.fresh) >= mostFresh {
			return
		}
		s.fresh[sub.Run.ID] = sub
	}
}

// forget drops runs that will not be taken.
func (s *Scheduler) forget(runs ...bench.Run) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range runs {
		delete(s.fresh, runs[i].ID)
	}
}

// recall gives a queued run with its plan, remembered or read.
func (s *Scheduler) recall(ctx context.Context, id string) (*bench.Run, *bench.Plan, error) {
	s.mu.Lock()
	sub, ok := s.fresh[id]
	delete(s.fresh, id)
	s.mu.Unlock()
	if ok {
		return &sub.Run, &sub.Plan, nil
	}
	run, err := s.Store.Run(ctx, id)
	if err != nil || run.State != bench.Queued {
		return run, nil, err
	}
	plan, err := s.Store.Plan(ctx, id)
	return run, plan, err
}
