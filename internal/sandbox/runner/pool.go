package runner

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Pool keeps boundaries warm: started ahead of their job, so that their cost
// is paid before a user waits. A key says what a boundary is like. Making and
// destroying one beside a measurement would disturb it: the pool fills up only
// while no session is open, destroys after the session has its result, and lets
// a session that measures begin when neither is under way.
type Pool[K comparable, T any] struct {
	Make    func(context.Context, K) (T, error)
	Destroy func(T)
	Waits   func(T) bool  // whether one that is ready still is, if set: it may have been ended from outside
	Renew   func(T) error // readies a used one for its next session, if set
	Want    func() []K    // what to have ready, most wanted first
	Keep    int           // most that wait, whatever they are like
	Log     *slog.Logger

	mu    sync.Mutex
	ready map[K][]T
	open  int            // sessions that use a boundary now
	tasks sync.WaitGroup // boundaries that are being destroyed
	work  sync.RWMutex   // read by whoever makes or destroys, written by who wants quiet
	bell  chan struct{}
	once  sync.Once
}

func (p *Pool[K, T]) wake() chan struct{} {
	p.once.Do(func() { p.bell = make(chan struct{}, 1) })
	return p.bell
}

// Run fills the pool until ctx ends, then destroys what is ready.
func (p *Pool[K, T]) Run(ctx context.Context) error {
	const retry = 10 * time.Second
	said := ""
	for {
		var again <-chan time.Time
		if err := p.fill(ctx); err != nil && ctx.Err() == nil {
			if err.Error() != said { // not every ten seconds
				said = err.Error()
				p.Log.Warn("could not prepare a boundary ahead of its run", "error", err)
			}
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

// fill makes what is wanted and not ready. One that can't be made does not keep
// others, unlike it, from it; the error asks for another try.
func (p *Pool[K, T]) fill(ctx context.Context) error {
	var errs []error
	wanted, broken := map[K]int{}, map[K]bool{}
	for _, key := range p.Want() {
		wanted[key]++
		if broken[key] || ctx.Err() != nil {
			continue
		}
		if err := p.makeOne(ctx, key, wanted[key]); err != nil {
			broken[key] = true
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func (p *Pool[K, T]) makeOne(ctx context.Context, key K, wanted int) error {
	p.work.RLock()
	defer p.work.RUnlock()
	if !p.lacks(key, wanted) {
		return nil
	}
	made, err := p.Make(ctx, key)
	if err == nil && !p.put(key, made) {
		p.Destroy(made)
	}
	return err
}

// lacks says whether one more should be made now.
func (p *Pool[K, T]) lacks(key K, wanted int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open == 0 && len(p.ready[key]) < wanted && p.waiting() < p.Keep
}

// waiting counts all that are ready; p.mu is held.
func (p *Pool[K, T]) waiting() int {
	n := 0
	for _, list := range p.ready {
		n += len(list)
	}
	return n
}

// put keeps a boundary if there is room: none is left once the pool is drained.
func (p *Pool[K, T]) put(key K, made T) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting() >= p.Keep {
		return false
	}
	if p.ready == nil {
		p.ready = map[K][]T{}
	}
	p.ready[key] = append(p.ready[key], made)
	return true
}

// Take gives a ready boundary, or makes one while the caller waits; warm says
// which of the two. A caller that measures waits until nothing is made or
// destroyed any more; from then on nothing is made until it has given back.
func (p *Pool[K, T]) Take(ctx context.Context, key K, measures bool) (taken T, warm bool, err error) {
	p.mu.Lock()
	p.open++
	p.mu.Unlock()
	if measures {
		p.Settle()
	}
	for {
		taken, warm = p.pop(key)
		if !warm || p.Waits == nil || p.Waits(taken) {
			break
		}
		p.Destroy(taken)
	}
	if warm {
		return taken, true, nil
	}
	if taken, err = p.Make(ctx, key); err != nil {
		p.closed()
	}
	return taken, false, err
}

// pop takes what was readied last.
func (p *Pool[K, T]) pop(key K) (taken T, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	list := p.ready[key]
	if len(list) == 0 {
		return taken, false
	}
	taken, p.ready[key] = list[len(list)-1], list[:len(list)-1]
	return taken, true
}

// Settle returns when all that is being made or destroyed has been.
func (p *Pool[K, T]) Settle() {
	p.work.Lock()
	p.work.Unlock() //nolint:staticcheck // an empty section: the waiting is the point
}

// storing is how long the result of a run is given to reach the disk before the
// boundary is destroyed: the engine's work on the same disk would delay it by
// ten milliseconds.
const storing = 5 * time.Millisecond

// Give ends the use of a boundary. A reusable one is renewed and kept under the
// key if there is room; any other is destroyed. The caller goes on meanwhile.
func (p *Pool[K, T]) Give(key K, used T, reusable bool) {
	if reusable && p.Renew == nil && p.put(key, used) {
		p.closed()
		return
	}
	p.work.RLock()
	p.tasks.Go(func() {
		defer p.closed()
		defer p.work.RUnlock()
		if !reusable || !p.renewed(used) || !p.put(key, used) {
			time.Sleep(storing)
			p.Destroy(used)
		}
	})
}

func (p *Pool[K, T]) renewed(used T) bool {
	if p.Renew == nil {
		return false // it was refused a place
	}
	err := p.Renew(used)
	if err != nil {
		p.Log.Warn("a used boundary could not be readied again", "error", err)
	}
	return err == nil
}

func (p *Pool[K, T]) closed() {
	p.mu.Lock()
	p.open--
	quiet := p.open == 0
	p.mu.Unlock()
	if !quiet {
		return // nothing is made before
	}
	select {
	case p.wake() <- struct{}{}:
	default:
	}
}

// Ready counts the boundaries that wait under a key.
func (p *Pool[K, T]) Ready(key K) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.ready[key])
}

// Waiting counts all boundaries that wait.
func (p *Pool[K, T]) Waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting()
}

func (p *Pool[K, T]) drain() {
	p.mu.Lock()
	ready := p.ready
	p.ready, p.Keep = nil, 0
	p.mu.Unlock()
	for _, list := range ready {
		for _, r := range list {
			p.Destroy(r)
		}
	}
	p.tasks.Wait()
}
