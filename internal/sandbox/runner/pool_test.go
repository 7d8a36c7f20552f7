package runner

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// fakePool counts what it makes and destroys.
type fakePool struct {
	Pool[int]
	made, destroyed int
	broken          atomic.Bool
}

func newFakePool() *fakePool {
	p := &fakePool{}
	p.Pool = Pool[int]{
		Make: func(context.Context) (int, error) {
			if p.broken.Load() {
				return 0, errors.New("no")
			}
			p.made++
			return p.made, nil
		},
		Destroy: func(int) { p.destroyed++ },
		Want:    1, Keep: 2, Log: slog.New(slog.DiscardHandler),
	}
	return p
}

func TestPoolIsFilledOnlyWhileQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newFakePool()
		ctx, stop := context.WithCancel(t.Context())
		go func() { _ = p.Run(ctx) }()
		synctest.Wait()
		if p.made != 1 {
			t.Fatalf("made %d at the start", p.made)
		}
		first, err := p.Take(ctx)
		if err != nil || first != 1 {
			t.Fatalf("took %d, %v", first, err)
		}
		synctest.Wait()
		if p.made != 1 {
			t.Error("another was made while one is used")
		}
		second, _ := p.Take(ctx) // the pool is empty: made while we wait
		p.Give(first, false)
		synctest.Wait()
		if p.made != 2 || p.destroyed != 1 || p.Ready() != 0 {
			t.Errorf("made %d, destroyed %d, ready %d", p.made, p.destroyed, p.Ready())
		}
		p.Give(second, true)
		synctest.Wait()
		if p.made != 2 || p.Ready() != 1 {
			t.Errorf("made %d, ready %d after one came back", p.made, p.Ready())
		}
		stop()
		synctest.Wait()
		if p.destroyed != 2 || p.Ready() != 0 {
			t.Errorf("destroyed %d, ready %d at the end", p.destroyed, p.Ready())
		}
		p.Give(3, true) // a session that outlived the pool
		if p.destroyed != 3 {
			t.Error("a boundary was kept by a pool that has ended")
		}
	})
}

func TestPoolTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newFakePool()
		p.broken.Store(true)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go func() { _ = p.Run(ctx) }()
		synctest.Wait()
		if _, err := p.Take(ctx); err == nil {
			t.Error("took what could not be made")
		}
		p.broken.Store(false)
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if p.Ready() != 1 {
			t.Errorf("ready %d", p.Ready())
		}
		stop()
		synctest.Wait()
	})
}

func TestPoolKeepsNoMoreThanItShould(t *testing.T) {
	p := newFakePool()
	for i := range 4 {
		p.open++
		p.Give(i, true)
	}
	if p.Ready() != 2 || p.destroyed != 2 {
		t.Errorf("ready %d, destroyed %d", p.Ready(), p.destroyed)
	}
}
