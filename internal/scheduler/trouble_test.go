package scheduler

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"benchcell/internal/bench"
)

// troubled is a store whose disk fills up and whose rows go bad.
type troubled struct {
	Store
	full     atomic.Bool // refuses every change
	low      atomic.Bool // is not ready
	badPlans atomic.Bool
	applied  atomic.Int64 // attempts
}

func (s *troubled) Apply(ctx context.Context, t bench.Transition) error {
	s.applied.Add(1)
	if s.full.Load() {
		return bench.Errorf(bench.CodeStorage, "no space left on device")
	}
	return s.Store.Apply(ctx, t)
}

func (s *troubled) Ready() error {
	if s.low.Load() {
		return bench.Errorf(bench.CodeStorage, "little space left")
	}
	return s.Store.Ready()
}

func (s *troubled) Plan(ctx context.Context, id string) (*bench.Plan, error) {
	if s.badPlans.Load() {
		return nil, errors.New("unexpected end of JSON input")
	}
	return s.Store.Plan(ctx, id)
}

func inTrouble(t *testing.T, worker execute, test func(*bed, *troubled)) {
	t.Helper()
	s := &troubled{}
	inBed(t, worker, func(c *Config) { s.Store, c.Store = c.Store, s }, func(b *bed) { test(b, s) })
}

func TestAResultIsKeptWhileTheDiskIsFull(t *testing.T) {
	inTrouble(t, takes(time.Second), func(b *bed, s *troubled) {
		id := b.one()
		time.Sleep(500 * time.Millisecond)
		s.full.Store(true)
		time.Sleep(time.Hour)
		b.is(id, bench.Running, "")
		if tries := s.applied.Load(); tries > 800 {
			t.Errorf("tried %d times in an hour", tries)
		}
		s.full.Store(false)
		time.Sleep(6 * time.Second)
		run := b.is(id, bench.Finished, bench.OK)
		if run.FinishedAt.Sub(run.CreatedAt) != time.Second || b.times(id) != 1 {
			t.Errorf("finished after %v, told %d times", run.FinishedAt.Sub(run.CreatedAt), b.times(id))
		}
	})
}

func TestAFullDiskDoesNotHoldUpTheStop(t *testing.T) {
	inTrouble(t, takes(time.Second), func(b *bed, s *troubled) {
		id := b.one()
		time.Sleep(500 * time.Millisecond)
		s.full.Store(true)
		time.Sleep(time.Minute)
		b.stop()
		begun := time.Now()
		b.stopped <- <-b.stopped
		if took := time.Since(begun); took != b.Grace {
			t.Errorf("stopped after %v", took)
		}
		b.is(id, bench.Running, "") // and interrupted at the next start
	})
}

func TestAResultOfAFullDiskIsStoredWithinTheGrace(t *testing.T) {
	inTrouble(t, takes(time.Second), func(b *bed, s *troubled) {
		id := b.one()
		time.Sleep(500 * time.Millisecond)
		s.full.Store(true)
		time.Sleep(time.Second)
		b.stop()
		time.Sleep(time.Second)
		s.full.Store(false)
		b.stopped <- <-b.stopped
		b.is(id, bench.Finished, bench.OK)
	})
}

func TestNothingIsTakenWhileSpaceIsLow(t *testing.T) {
	inTrouble(t, takes(time.Second), func(b *bed, s *troubled) {
		first := b.one()
		time.Sleep(500 * time.Millisecond)
		second := b.one()
		s.low.Store(true)
		time.Sleep(time.Minute)
		b.is(first, bench.Finished, bench.OK) // what runs goes on
		b.is(second, bench.Queued, "")
		if _, err := b.Submit(b.t.Context(), []bench.Plan{plan(bench.KindTests)}, 0); bench.CodeOf(err) != bench.CodeStorage {
			t.Errorf("submit: %v", err)
		}
		s.low.Store(false)
		time.Sleep(7 * time.Second) // by itself
		b.is(second, bench.Finished, bench.OK)
	})
}

func TestTroubleIsNotTriedInAHotLoop(t *testing.T) {
	inTrouble(t, takes(time.Second), func(b *bed, s *troubled) {
		s.full.Store(true)
		id := b.one()
		time.Sleep(time.Minute)
		if tries := s.applied.Load(); tries < 2 || tries > 20 {
			t.Errorf("tried to take it %d times in a minute", tries)
		}
		s.full.Store(false)
		time.Sleep(7 * time.Second)
		b.is(id, bench.Finished, bench.OK)
	})
}

func TestAResultThatCanNeverBeStoredEndsItsRun(t *testing.T) {
	worker := func(_ context.Context, run *bench.Run) *bench.Measurement {
		nan := math.NaN()
		return &bench.Measurement{Verdict: bench.OK, Usage: bench.ResourceUsage{ExecutionTime: &nan}}
	}
	inBed(t, worker, nil, func(b *bed) {
		id := b.one()
		time.Sleep(time.Minute)
		run := b.is(id, bench.Finished, bench.InternalError)
		if !strings.HasPrefix(*run.Error, "The result can't be stored: ") || b.times(id) != 1 {
			t.Errorf("it says %s, told %d times", *run.Error, b.times(id))
		}
	})
}

func TestAPlanThatCanNotBeReadHoldsUpNobody(t *testing.T) {
	inTrouble(t, takes(time.Second), func(b *bed, s *troubled) {
		s.badPlans.Store(true)
		bad := b.left()
		time.Sleep(time.Second)
		s.badPlans.Store(false)
		good := b.one()
		time.Sleep(10 * time.Second)
		if run := b.is(bad, bench.Finished, bench.InternalError); !strings.Contains(*run.Error, "unexpected end of JSON") {
			t.Errorf("it says %s", *run.Error)
		}
		b.is(good, bench.Finished, bench.OK)
	})
}

// noLock is a host whose lock file can't be opened.
type noLock struct{}

func (noLock) Acquire(context.Context, bool, string) (func(), error) {
	return nil, errors.New("the host's measuring lock: permission denied")
}

func (noLock) Try(bool, string) (func(), bool) { return nil, false }

func TestALockThatCanNotBeHadEndsTheRun(t *testing.T) {
	inBed(t, takes(time.Second), func(c *Config) { c.Lock = noLock{} }, func(b *bed) {
		id := b.one()
		run := b.is(id, bench.Finished, bench.InternalError)
		if !strings.Contains(*run.Error, "permission denied") || b.times(id) != 1 {
			t.Errorf("it says %s, told %d times", *run.Error, b.times(id))
		}
	})
}

func TestWhatSomebodyElseHasEndedIsLeftAlone(t *testing.T) {
	inBed(t, takes(time.Second), nil, func(b *bed) {
		id := b.one()
		running := b.is(id, bench.Running, "")
		if err := b.store.Apply(b.t.Context(), running.End(bench.Interrupted, time.Now().UTC())); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		b.is(id, bench.Finished, bench.Interrupted)
		if b.times(id) != 0 {
			t.Error("the late result was told of")
		}
	})
}
