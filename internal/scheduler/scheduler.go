// Package scheduler decides what runs when and records what came back. The
// store is its memory: it can be ended at any moment and started again.
package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"benchcell/internal/bench"
)

// Store is what the scheduler needs of the durable truth.
type Store interface {
	Bell() *bench.Bell
	Ready() error
	Submit(ctx context.Context, runs []bench.Submission, batch *bench.Batch) error
	Queue(ctx context.Context, limit int) ([]bench.Waiting, error)
	Run(ctx context.Context, id string) (*bench.Run, error)
	Plan(ctx context.Context, id string) (*bench.Plan, error)
	Apply(ctx context.Context, t bench.Transition) error
}

// Worker executes one run on some machine.
type Worker interface {
	Execute(ctx context.Context, run *bench.Run, plan *bench.Plan) *bench.Measurement
}

// Lock is the right to measure on this host.
type Lock interface {
	Acquire(ctx context.Context, exclusive bool, what string) (release func(), err error)
}

// Config wires a scheduler.
type Config struct {
	Store    Store
	Worker   Worker
	Lock     Lock
	Machine  string           // fingerprint of the worker's machine
	Capacity int              // most unmeasured runs at a time
	Grace    time.Duration    // for what runs when the scheduler is told to stop
	Recorded func(*bench.Run) // told of every finished run, if set
	Log      *slog.Logger
}

// Scheduler starts queued runs.
type Scheduler struct {
	Config

	mu      sync.Mutex
	running map[string]*active
	jobs    sync.WaitGroup
}

// active is a run that was started and not yet recorded.
type active struct {
	bench.Waiting
	cancel context.CancelCauseFunc
}

// Causes for which a run is ended from outside.
var (
	errCancelled = errors.New("cancelled by a user")
	errShutdown  = errors.New("the server is stopping")
)

// New makes a scheduler; Run works it.
func New(c Config) *Scheduler {
	return &Scheduler{Config: c, running: map[string]*active{}}
}

// Run starts queued runs until ctx ends. Then it takes no more, lets the
// running ones end within the grace, and ends those that don't.
func (s *Scheduler) Run(ctx context.Context) error {
	const look = 5 * time.Second // at a disk that was full, or a lost bell
	timer := time.NewTicker(look)
	defer timer.Stop()
	for {
		bell := s.Store.Bell().Next()
		if err := s.startSome(ctx); err != nil && ctx.Err() == nil {
			s.Log.Error("could not look at the queue", "error", err)
		}
		select {
		case <-ctx.Done():
			s.stop()
			return nil
		case <-bell:
		case <-timer.C:
		}
	}
}

func (s *Scheduler) stop() {
	over := time.AfterFunc(s.Grace, func() { s.cancelAll(errShutdown) })
	defer over.Stop()
	s.jobs.Wait()
}

func (s *Scheduler) cancelAll(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.running {
		a.cancel(cause)
	}
}

// startSome places what fits now.
func (s *Scheduler) startSome(ctx context.Context) error {
	if err := s.Store.Ready(); err != nil {
		return err
	}
	const ahead = 256 // more than any capacity, so that a full batch hides nobody
	queue, err := s.Store.Queue(ctx, ahead)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var waiting, running []bench.Waiting
	for _, a := range s.running {
		running = append(running, a.Waiting)
	}
	for _, item := range queue {
		if s.running[item.ID] == nil {
			waiting = append(waiting, item)
		}
	}
	for _, item := range Plan(waiting, running, s.Capacity) {
		s.start(item)
	}
	return nil
}

// start works one run in a goroutine of its own; s.mu is held. The run's
// context outlives the scheduler's, so that it can end within the grace.
func (s *Scheduler) start(item bench.Waiting) {
	ctx, cancel := context.WithCancelCause(context.Background())
	s.running[item.ID] = &active{Waiting: item, cancel: cancel}
	s.jobs.Go(func() {
		defer cancel(nil)
		if err := s.work(ctx, item); err != nil {
			s.Log.Error("a run could not be worked", "run", item.ID, "error", err)
		}
		s.mu.Lock()
		delete(s.running, item.ID)
		s.mu.Unlock()
		s.Store.Bell().Ring() // its place is free
	})
}

// Cancel ends a run: at once if it is queued, through its worker if it runs.
func (s *Scheduler) Cancel(ctx context.Context, id string) error {
	s.mu.Lock()
	if a := s.running[id]; a != nil {
		a.cancel(errCancelled)
	}
	s.mu.Unlock()
	run, err := s.Store.Run(ctx, id)
	if err != nil || run.State != bench.Queued {
		return err
	}
	err = s.Store.Apply(ctx, run.End(bench.Cancelled, time.Now().UTC()))
	if bench.CodeOf(err) == bench.CodeConflict {
		return nil // it has started, or was cancelled twice
	}
	return err
}

// Busy says whether anything runs, so that nothing else disturbs it.
func (s *Scheduler) Busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.running) > 0
}
