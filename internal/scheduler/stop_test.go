package scheduler

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/machine"
)

func TestCancelOfAQueuedRunEndsItAtOnce(t *testing.T) {
	inBed(t, takes(time.Minute), nil, func(b *bed) {
		first, second := b.one(), b.one()
		synctest.Wait()
		if err := b.Cancel(b.t.Context(), second); err != nil {
			t.Error(err)
		}
		run := b.is(second, bench.Finished, bench.Cancelled)
		if run.Attempt != 0 || run.StartedAt != nil || b.times(second) != 1 {
			t.Errorf("it ran: %+v; told %d times", run, b.times(second))
		}
		b.is(first, bench.Running, "")
	})
}

func TestCancelOfARunningRunEndsItThroughItsWorker(t *testing.T) {
	inBed(t, takes(time.Minute), nil, func(b *bed) {
		first, second := b.one(), b.one()
		synctest.Wait()
		for range 2 { // twice is as good as once
			if err := b.Cancel(b.t.Context(), first); err != nil {
				t.Error(err)
			}
		}
		if run := b.is(first, bench.Finished, bench.Cancelled); run.StartedAt == nil || run.Error != nil || b.times(first) != 1 {
			t.Errorf("got %+v; told %d times", run, b.times(first))
		}
		b.is(second, bench.Running, "") // the place is free
		if err := b.Cancel(b.t.Context(), first); err != nil {
			t.Errorf("of a finished run: %v", err)
		}
		if err := b.Cancel(b.t.Context(), "nobody"); bench.CodeOf(err) != bench.CodeNotFound {
			t.Errorf("of no run: %v", err)
		}
	})
}

func TestCancelOfARunThatWaitsForTheHost(t *testing.T) {
	inBed(t, takes(time.Second), nil, func(b *bed) {
		release := hold(b)
		id := b.one()
		time.Sleep(time.Minute)
		b.is(id, bench.Queued, "")
		if err := b.Cancel(b.t.Context(), id); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Second)
		b.is(id, bench.Finished, bench.Cancelled)
		if b.Busy() {
			t.Error("it still waits")
		}
		release()
	})
}

// hold takes the host's lock as another server would.
func hold(b *bed) func() {
	b.t.Helper()
	release, err := machine.NewLock(b.lock).Acquire(b.t.Context(), true, "another server's")
	if err != nil {
		b.t.Fatal(err)
	}
	return release
}

// slowStore lets something happen between its look at a run and its answer.
type slowStore struct {
	Store
	between atomic.Pointer[func()]
}

func (s *slowStore) Run(ctx context.Context, id string) (*bench.Run, error) {
	run, err := s.Store.Run(ctx, id)
	if between := s.between.Swap(nil); between != nil {
		(*between)()
	}
	return run, err
}

func TestCancelReachesARunThatIsTakenMeanwhile(t *testing.T) {
	slow := &slowStore{}
	inBed(t, takes(time.Minute), func(c *Config) { slow.Store, c.Store = c.Store, slow }, func(b *bed) {
		release := hold(b)
		id := b.one()
		synctest.Wait() // it waits for the host
		taken := func() { release(); time.Sleep(time.Second); b.is(id, bench.Running, "") }
		slow.between.Store(&taken)
		if err := b.Cancel(b.t.Context(), id); err != nil {
			t.Error(err)
		}
		b.is(id, bench.Finished, bench.Cancelled)
	})
}

func TestStopLetsWhatRunsEndWithinTheGrace(t *testing.T) {
	inBed(t, takes(4*time.Second), nil, func(b *bed) {
		running, queued := b.one(), b.one()
		synctest.Wait()
		b.stop()
		begun := time.Now()
		b.stopped <- <-b.stopped
		if took := time.Since(begun); took != 4*time.Second {
			t.Errorf("stopped after %v", took)
		}
		b.is(running, bench.Finished, bench.OK)
		b.is(queued, bench.Queued, "")
	})
}

func TestStopInterruptsWhatOutlastsTheGrace(t *testing.T) {
	inBed(t, takes(time.Minute), nil, func(b *bed) {
		running, queued := b.one(), b.one()
		synctest.Wait()
		b.stop()
		begun := time.Now()
		b.stopped <- <-b.stopped
		if took := time.Since(begun); took != 5*time.Second {
			t.Errorf("stopped after %v", took)
		}
		run := b.is(running, bench.Finished, bench.Interrupted)
		if run.Error == nil || *run.Error != "The server was stopped while this was running." {
			t.Errorf("it says %v", run.Error)
		}
		b.is(queued, bench.Queued, "")
		if b.times(running) != 1 || b.times(queued) != 0 {
			t.Errorf("told %d and %d times", b.times(running), b.times(queued))
		}
	})
}

func TestAUsersCancelStaysOneThroughAStop(t *testing.T) {
	stubborn := func(ctx context.Context, _ *bench.Run) *bench.Measurement {
		<-ctx.Done()
		time.Sleep(8 * time.Second) // a program that ignores SIGTERM
		return &bench.Measurement{Verdict: bench.Cancelled}
	}
	inBed(t, stubborn, nil, func(b *bed) {
		id := b.one()
		synctest.Wait()
		if err := b.Cancel(b.t.Context(), id); err != nil {
			t.Error(err)
		}
		b.stop()
		b.stopped <- <-b.stopped
		b.is(id, bench.Finished, bench.Cancelled)
	})
}

func TestStopLeavesQueuedWhatWaitsForTheHost(t *testing.T) {
	inBed(t, takes(time.Second), nil, func(b *bed) {
		release := hold(b)
		id := b.one()
		time.Sleep(time.Minute)
		b.stop()
		begun := time.Now()
		b.stopped <- <-b.stopped
		if took := time.Since(begun); took >= b.Grace {
			t.Errorf("stopped after %v", took)
		}
		release() // too late to be taken
		time.Sleep(time.Minute)
		if run := b.is(id, bench.Queued, ""); run.Attempt != 0 {
			t.Errorf("got %+v", run)
		}
	})
}
