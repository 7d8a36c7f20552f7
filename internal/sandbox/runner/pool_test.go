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
	Pool[string, int]
	made      int
	destroyed atomic.Int64
	broken    atomic.Bool
}

func newFakePool() *fakePool {
	p := &fakePool{}
	p.Pool = Pool[string, int]{
		Make: func(context.Context, string) (int, error) {
			if p.broken.Load() {
				return 0, errors.New("no")
			}
			p.made++
			return p.made, nil
		},
		Destroy: func(int) { p.destroyed.Add(1) },
		Want:    func() []string { return []string{"a"} }, Keep: 2, Log: slog.New(slog.DiscardHandler),
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
		first, warm, err := p.Take(ctx, "a", true)
		if err != nil || first != 1 || !warm {
			t.Fatalf("took %d, %v", first, err)
		}
		synctest.Wait()
		if p.made != 1 {
			t.Error("another was made while one is used")
		}
		second, warm, _ := p.Take(ctx, "a", true) // the pool is empty: made while we wait
		if warm {
			t.Error("a boundary that was made while we waited is called warm")
		}
		p.Give("a", first, false)
		time.Sleep(storing)
		synctest.Wait()
		if p.made != 2 || p.destroyed.Load() != 1 || p.Waiting() != 0 {
			t.Errorf("made %d, destroyed %d, ready %d", p.made, p.destroyed.Load(), p.Waiting())
		}
		p.Give("a", second, true)
		synctest.Wait()
		if p.made != 2 || p.Waiting() != 1 {
			t.Errorf("made %d, ready %d after one came back", p.made, p.Waiting())
		}
		stop()
		synctest.Wait()
		if p.destroyed.Load() != 2 || p.Waiting() != 0 {
			t.Errorf("destroyed %d, ready %d at the end", p.destroyed.Load(), p.Waiting())
		}
		p.Give("a", 3, true) // a session that outlived the pool
		time.Sleep(storing)
		synctest.Wait()
		if p.destroyed.Load() != 3 {
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
		if _, _, err := p.Take(ctx, "a", true); err == nil {
			t.Error("took what could not be made")
		}
		p.broken.Store(false)
		time.Sleep(11 * time.Second)
		synctest.Wait()
		if p.Waiting() != 1 {
			t.Errorf("ready %d", p.Waiting())
		}
		stop()
		synctest.Wait()
	})
}

func TestPoolNamesACauseOnce(t *testing.T) {
	p := newFakePool()
	p.Keep = 3
	p.Want = func() []string { return []string{"a", "a", "b"} }
	p.Make = func(_ context.Context, key string) (int, error) {
		if p.made++; key == "a" {
			return 0, errors.New("no a can be made")
		}
		return p.made, nil
	}
	if err := p.fill(t.Context()); err == nil || err.Error() != "no a can be made" || p.made != 2 || p.Waiting() != 1 {
		t.Errorf("tried %d, ready %d, error %v", p.made, p.Waiting(), err)
	}
}

func TestPoolKeepsNoMoreThanItShould(t *testing.T) {
	p := newFakePool()
	for i := range 4 {
		p.open++
		p.Give("a", i, true)
	}
	p.tasks.Wait()
	if p.Waiting() != 2 || p.destroyed.Load() != 2 {
		t.Errorf("ready %d, destroyed %d", p.Waiting(), p.destroyed.Load())
	}
}

func TestPoolRenewsWhatIsUsedAgain(t *testing.T) {
	p := newFakePool()
	p.Renew = func(n int) error {
		if n == 2 {
			return errors.New("worn out")
		}
		return nil
	}
	p.open = 3
	for i := range 3 {
		p.Give("a", i, true)
	}
	p.tasks.Wait()
	if p.Waiting() != 2 || p.destroyed.Load() != 1 {
		t.Errorf("ready %d, destroyed %d", p.Waiting(), p.destroyed.Load())
	}
}

// One that was ended while it waited is not given to a run.
func TestPoolGivesNothingThatIsGone(t *testing.T) {
	p := newFakePool()
	gone := map[int]bool{}
	p.Waits = func(n int) bool { return !gone[n] }
	p.Want = func() []string { return []string{"a", "a"} }
	if err := p.fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone[2] = true
	if taken, warm, err := p.Take(t.Context(), "a", true); taken != 1 || !warm || err != nil {
		t.Errorf("took %d, warm %v, %v", taken, warm, err)
	}
	p.Give("a", 1, true)
	gone[1] = true
	if taken, warm, err := p.Take(t.Context(), "a", true); taken != 3 || warm || err != nil {
		t.Errorf("took %d, warm %v, %v", taken, warm, err)
	}
	if p.destroyed.Load() != 2 || p.Waiting() != 0 {
		t.Errorf("destroyed %d, waiting %d", p.destroyed.Load(), p.Waiting())
	}
}
