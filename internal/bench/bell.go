package bench

import "sync"

// Bell tells any number of waiters that something has changed. It carries no
// news: who hears it looks at the store. Take Next before looking, or a ring
// between the look and the wait is missed.
type Bell struct {
	mu   sync.Mutex
	next chan struct{}
}

// NewBell makes a bell.
func NewBell() *Bell { return &Bell{next: make(chan struct{})} }

// Next is closed at the next ring.
func (b *Bell) Next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.next
}

// Ring wakes all who wait.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.next)
	b.next = make(chan struct{})
}
