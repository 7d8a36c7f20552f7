package store

import "sync"

// watchers wait for single runs to end. A hundred clients that wait for one run
// each would otherwise look at the store at every change of any.
type watchers struct {
	mu    sync.Mutex
	byRun map[string]*watched
}

type watched struct {
	ended chan struct{}
	count int
}

// Watch returns a channel that is closed once a run has been stored as finished,
// and what to call when nobody listens to it any more. Take it before reading
// the run, so that its end does not fall between.
func (s *Store) Watch(run string) (ended <-chan struct{}, forget func()) {
	w := &s.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byRun == nil {
		w.byRun = map[string]*watched{}
	}
	entry := w.byRun[run]
	if entry == nil {
		entry = &watched{ended: make(chan struct{})}
		w.byRun[run] = entry
	}
	entry.count++
	return entry.ended, func() { w.forget(run, entry) }
}

func (w *watchers) forget(run string, entry *watched) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if entry.count--; entry.count == 0 && w.byRun[run] == entry {
		delete(w.byRun, run)
	}
}

// tell wakes who waits for a run.
func (w *watchers) tell(run string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if entry := w.byRun[run]; entry != nil {
		close(entry.ended)
		delete(w.byRun, run)
	}
}
