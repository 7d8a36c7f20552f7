package runner

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Pool keeps boundaries warm: started ahead of their job, so that their cost
// is paid before a user waits. It fills up only while no session is open,
// because making a boundary beside a measurement disturbs it.
type Pool[T any] struct {
	Make    func(context.Context) (T, error)
	Destroy func(T)
	Want    int // ready at any time
	Keep    int // most that are kept of those given back
	Log     *slog.Logger

	mu    sync.Mutex
	ready []T
	open  int // sessions that use a boundary now
	bell  chan struct{}
	once  sync.Once
}

func (p *Pool[T]) wake() chan struct{} {
	p.once.Do(func() { p.bell = make(chan struct{}, 1) })
	return p.bell
}

// Run fills the pool until ctx ends, then destroys what is ready.
func (p *Pool[T]) Run(ctx context.Context) error {
	const retry = 10 * time.Second
	for {
		wait := p.fill(ctx)
		var again <-chan time.Time
		if wait {
			again = time.After(retry)
		}
		select {
		case <-ctx.Done():
			p.drain()
			return nil
		case <-p.wake():
		case <-again:
		}
	}
}

// fill makes boundaries until enough are ready; true asks for another try.
func (p *Pool[T]) fill(ctx context.Context) (failed bool) {
	for p.lacking() && ctx.Err() == nil {
		made, err := p.Make(ctx)
		if err != nil {
			p.Log.Warn("could not prepare a boundary ahead of its run", "error", err)
			return true
		}
		p.mu.Lock()
		p.ready = append(p.ready, made)
		p.mu.Unlock()
	}
	return false
}

func (p *Pool[T]) lacking() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open == 0 && len(p.ready) < p.Want
}

// Take gives a ready boundary, or makes one while the caller waits.
func (p *Pool[T]) Take(ctx context.Context) (taken T, err error) {
	p.mu.Lock()
	p.open++
	if n := len(p.ready); n > 0 {
		taken, p.ready = p.ready[n-1], p.ready[:n-1]
		p.mu.Unlock()
		return taken, nil
	}
	p.mu.Unlock()
	if taken, err = p.Make(ctx); err != nil {
		p.closed()
	}
	return taken, err
}

// Give ends the use of a boundary; a reusable one is kept if there is room.
func (p *Pool[T]) Give(used T, reusable bool) {
	p.mu.Lock()
	if reusable && len(p.ready) < p.Keep {
		p.ready = append(p.ready, used)
		p.mu.Unlock()
	} else {
		p.mu.Unlock()
		p.Destroy(used)
	}
	p.closed()
}

func (p *Pool[T]) closed() {
	p.mu.Lock()
	p.open--
	p.mu.Unlock()
	select {
	case p.wake() <- struct{}{}:
	default:
	}
}

// Ready is how many boundaries wait.
func (p *Pool[T]) Ready() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.ready)
}

func (p *Pool[T]) drain() {
	p.mu.Lock()
	ready := p.ready
	p.ready, p.Keep, p.Want = nil, 0, 0
	p.mu.Unlock()
	for _, r := range ready {
		p.Destroy(r)
	}
}
