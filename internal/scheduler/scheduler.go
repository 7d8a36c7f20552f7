// Package scheduler decides what runs when and records what came back. The
// store is its memory: it can be ended at any moment and started again.
package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"benchcell/internal/bench"
)

// Store is what the scheduler needs of the durable truth.
type Store interface {
	Ready() error
	Submit(ctx context.Context, runs []bench.Submission, batch *bench.Batch) error
	SubmitAwaited(ctx context.Context, run bench.Submission) (ended <-chan *bench.Run, forget func(), err error)
	Begin(ctx context.Context, run bench.Submission, take bench.Transition) (ended <-chan *bench.Run, forget func(), err error)
	Queue(ctx context.Context, full []string, limit int) ([]bench.Waiting, error)
	Run(ctx context.Context, id string) (*bench.Run, error)
	Plan(ctx context.Context, id string) (*bench.Plan, error)
	SaveSource(ctx context.Context, archive []byte) (hash string, err error)
	Source(ctx context.Context, hash string) ([]byte, error)
	Apply(ctx context.Context, t bench.Transition) error
}

// Worker executes one run on some machine, or two in turns.
type Worker interface {
	Execute(ctx context.Context, run *bench.Run, plan *bench.Plan) *bench.Measurement
	ExecutePair(ctx context.Context, runs [2]*bench.Run, plans [2]*bench.Plan) [2]*bench.Measurement
}

// Lock is the right to measure on this host.
type Lock interface {
	Acquire(ctx context.Context, exclusive bool, what string) (release func(), err error)
	Try(exclusive bool, what string) (release func(), ok bool)
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

	bell    *bench.Bell // the queue has grown, or a place is free
	mu      sync.Mutex
	running map[string]*active
	fresh   map[string]bench.Submission // submitted here and not yet taken: see remember
	queued  int                         // how often something was, at least once
	cleared int                         // so often, and nothing was left waiting; or 0
	ending  bool                        // no more are begun
	jobs    sync.WaitGroup
	over    chan struct{} // closed when the grace of a stop is over
}

// active is a run that was started and not yet recorded.
type active struct {
	bench.Waiting
	cancel   context.CancelCauseFunc
	executed bool // what is left is to record it
}

// Causes for which a run is ended from outside.
var (
	errCancelled = errors.New("cancelled by a user")
	errShutdown  = errors.New("the server is stopping")
)

// New makes a scheduler; Run works it.
func New(c Config) *Scheduler {
	return &Scheduler{
		Config: c, bell: bench.NewBell(), running: map[string]*active{},
		fresh: map[string]bench.Submission{}, over: make(chan struct{}),
		queued: 1, // by an earlier server, perhaps
	}
}

// Run starts queued runs until ctx ends. Then it takes no more, lets the
// running ones end within the grace, and ends those that don't.
func (s *Scheduler) Run(ctx context.Context) error {
	const look = 5 * time.Second // at a disk that was full
	timer := time.NewTicker(look)
	defer timer.Stop()
	for {
		bell := s.bell.Next()
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
	s.mu.Lock()
	s.ending = true
	s.mu.Unlock()
	grace := time.AfterFunc(s.Grace, func() {
		close(s.over)
		s.cancelAll(errShutdown)
	})
	defer grace.Stop()
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
	const ahead = 256
	queued := s.queuedSoFar()
	running, _ := s.placed()
	crowded := full(running)
	queue, err := s.Store.Queue(ctx, crowded, ahead)
	if err != nil {
		return err
	}
	running, capacity := s.placed()
	var waiting []bench.Waiting
	for _, item := range queue {
		if !slices.Contains(running, item) {
			waiting = append(waiting, item)
		}
	}
	chosen := Plan(waiting, running, capacity)
	for _, item := range chosen {
		s.start(ctx, item)
	}
	s.looked(queued, len(chosen) == len(waiting) && len(crowded) == 0 && len(queue) < ahead)
	return nil
}

func (s *Scheduler) queuedSoFar() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queued
}

// looked notes whether of so many that were queued none waits.
func (s *Scheduler) looked(queued int, clear bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cleared = 0
	if clear {
		s.cleared = queued
	}
}

// placed lists what was started and not yet recorded, and for how many there is room.
func (s *Scheduler) placed() (running []bench.Waiting, capacity int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.places(), s.capacity()
}

func (s *Scheduler) places() (list []bench.Waiting) {
	for _, a := range s.running {
		list = append(list, a.Waiting)
	}
	return list
}

// capacity is for how many tests there is room. To record one keeps no other from its
// place, but a measurement does not begin beside it.
func (s *Scheduler) capacity() int {
	n := s.Capacity
	for _, a := range s.running {
		if a.executed {
			n++
		}
	}
	return n
}

// noteExecuted notes that a run is yet to be recorded, and no more.
func (s *Scheduler) noteExecuted(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.running[id]; a != nil {
		a.executed = true
	}
}

// start works one run in a goroutine of its own.
func (s *Scheduler) start(stopping context.Context, item bench.Waiting) {
	s.mu.Lock()
	ctx := s.place(item)
	s.mu.Unlock()
	go func() { s.leavePlace(item, s.work(ctx, stopping, item)) }()
}

// place gives a run its place. Its context outlives the scheduler's, so that it can
// end within the grace.
func (s *Scheduler) place(item bench.Waiting) context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	s.running[item.ID] = &active{Waiting: item, cancel: cancel}
	s.jobs.Add(1)
	return ctx
}

// leavePlace gives a run's place to the next.
func (s *Scheduler) leavePlace(item bench.Waiting, err error) {
	defer s.jobs.Done()
	s.mu.Lock()
	s.running[item.ID].cancel(nil)
	delete(s.running, item.ID)
	somebodyWaits := s.queued != s.cleared
	s.mu.Unlock()
	switch {
	case err != nil:
		// It is looked at again later, not at once and for ever.
		s.Log.Error("a run could not be worked", "run", item.ID, "error", err)
	case somebodyWaits:
		s.bell.Ring()
	}
}

// Cancel ends a run: at once if it is queued, through its worker if it runs. With
// one side of a pair it ends the other.
func (s *Scheduler) Cancel(ctx context.Context, id string) error {
	run, err := s.Store.Run(ctx, id)
	if err != nil || run.State == bench.Finished {
		return err
	}
	err = s.cancelOne(ctx, run)
	if run.PairedWith == nil {
		return err
	}
	other, otherErr := s.Store.Run(ctx, *run.PairedWith)
	if otherErr == nil && other.State != bench.Finished {
		otherErr = s.cancelOne(ctx, other)
	}
	return errors.Join(err, otherErr)
}

func (s *Scheduler) cancelOne(ctx context.Context, run *bench.Run) (err error) {
	if run.State == bench.Queued {
		s.forget(*run)
		err = s.finish(ctx, run.End(bench.Cancelled, time.Now().UTC()))
	}
	// It runs, or waits for its turn, or was taken between our two looks.
	s.mu.Lock()
	if a := s.running[run.ID]; a != nil {
		a.cancel(errCancelled)
	}
	s.mu.Unlock()
	return unlessConflict(err)
}

// Busy says whether anything runs, so that nothing else disturbs it.
func (s *Scheduler) Busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.running) > 0
}
