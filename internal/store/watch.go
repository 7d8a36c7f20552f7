package store

import (
	"slices"
	"sync"

	"benchcell/internal/bench"
)

// watchers wait for single runs to end. A hundred clients that wait for one run
// each would otherwise look at the store at every change of any.
type watchers struct {
	mu    sync.Mutex
	byRun map[string][]chan *bench.Run
}

// Watch returns a channel that gives a run once it has been stored as finished,
// and what to call when nobody listens to it any more. Take it before reading
// the run, so that its end does not fall between. What it gives is shared:
// nobody may change it.
func (s *Store) Watch(run string) (ended <-chan *bench.Run, forget func()) {
	w := &s.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byRun == nil {
		w.byRun = map[string][]chan *bench.Run{}
	}
	mine := make(chan *bench.Run, 1)
	w.byRun[run] = append(w.byRun[run], mine)
	return mine, func() { w.forget(run, mine) }
}

func (w *watchers) forget(run string, gone chan *bench.Run) {
	w.mu.Lock()
	defer w.mu.Unlock()
	rest := slices.DeleteFunc(w.byRun[run], func(c chan *bench.Run) bool { return c == gone })
	if w.byRun[run] = rest; len(rest) == 0 {
		delete(w.byRun, run)
	}
}

// tell gives a run that has ended to those who wait for it.
func (w *watchers) tell(run *bench.Run) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.byRun[run.ID] {
		c <- run
	}
	delete(w.byRun, run.ID)
}
