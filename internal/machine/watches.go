package machine

import (
	"slices"
	"sync"
	"time"
)

// Watches lends a watch to one run after the other: to open its files and to count
// the processors takes a small run as long as to write its result.
type Watches struct {
	mu   sync.Mutex
	idle *LentWatch
}

// LentWatch is given back when it is closed.
type LentWatch struct {
	*Watch
	home       *Watches
	cpus       []int
	processors int
	opened     time.Time
}

// asOpened is how long a watch is lent: processors come and go, if rarely.
const asOpened = time.Minute

// Lend gives a watch of these processors, nil for all.
func (w *Watches) Lend(root string, cpus []int) (*LentWatch, error) {
	w.mu.Lock()
	idle := w.idle
	w.idle = nil
	w.mu.Unlock()
	if idle != nil {
		if slices.Equal(idle.cpus, cpus) && time.Since(idle.opened) < asOpened {
			return idle, nil
		}
		_ = idle.Watch.Close()
	}
	watch, err := NewWatch(root, cpus)
	if err != nil {
		return nil, err
	}
	return &LentWatch{Watch: watch, home: w, cpus: cpus, processors: watch.Processors(), opened: time.Now()}, nil
}

// Processors is how many are watched.
func (l *LentWatch) Processors() int { return l.processors }

// Close gives the watch back.
func (l *LentWatch) Close() error {
	l.home.mu.Lock()
	other := l.home.idle
	l.home.idle = l
	l.home.mu.Unlock()
	if other != nil {
		return other.Watch.Close()
	}
	return nil
}
