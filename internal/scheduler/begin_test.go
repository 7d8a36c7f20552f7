package scheduler

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
)

// awaited submits a run that somebody waits for.
func (b *bed) awaited(kind bench.Kind) (id string, ended <-chan *bench.Run) {
	b.t.Helper()
	run, ended, forget, err := b.SubmitAwaited(b.t.Context(), plan(kind))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(forget)
	return run.ID, ended
}

// noQueue is a store that nothing can be queued in.
type noQueue struct{ Store }

func (noQueue) SubmitAwaited(context.Context, bench.Submission) (<-chan *bench.Run, func(), error) {
	return nil, nil, errors.New("it was queued")
}

func TestARunThatNeedNotQueueIsTakenAtOnce(t *testing.T) {
	inBed(t, takes(time.Second), func(c *Config) { c.Store = noQueue{c.Store} }, func(b *bed) {
		synctest.Wait() // until the queue was looked at
		id, ended := b.awaited(bench.KindCommand)
		if run := <-ended; run.ID != id || *run.Verdict != bench.OK || run.Attempt != 1 {
			t.Errorf("got %+v", run)
		}
		synctest.Wait()
		if b.times(id) != 1 || b.Busy() {
			t.Errorf("told %d times; busy %v", b.times(id), b.Busy())
		}
		b.is(id, bench.Finished, bench.OK)
	})
}

func TestNobodyIsOvertaken(t *testing.T) {
	inBed(t, takes(time.Second), nil, func(b *bed) {
		synctest.Wait()
		tests, _ := b.awaited(bench.KindTests)
		second, _ := b.awaited(bench.KindTests)
		measured, _ := b.awaited(bench.KindCommand) // which needs the machine for itself
		last, ended := b.awaited(bench.KindTests)   // would have a place
		b.is(tests, bench.Running, "")
		b.is(second, bench.Running, "")
		b.is(measured, bench.Queued, "")
		b.is(last, bench.Queued, "")
		time.Sleep(1500 * time.Millisecond)
		b.is(measured, bench.Running, "")
		b.is(last, bench.Queued, "")
		if run := <-ended; run.StartedAt.Before(*b.is(measured, bench.Finished, bench.OK).FinishedAt) {
			t.Error("it ran beside the measured one")
		}
	})
}

func TestNoMoreAreTakenAtOnceThanMayRun(t *testing.T) {
	inBed(t, takes(time.Second), nil, func(b *bed) {
		synctest.Wait()
		for i := range 10 {
			id, _ := b.awaited(bench.KindTests)
			state := bench.Running
			if i >= b.Capacity {
				state = bench.Queued
			}
			b.is(id, state, "")
		}
		time.Sleep(10 * time.Second)
		if queued, running, err := b.store.Counts(b.t.Context()); queued+running != 0 || err != nil {
			t.Errorf("%d wait and %d run, %v", queued, running, err)
		}
	})
}

func TestABatchThatIsFullGoesOnAfterARunOfAnother(t *testing.T) {
	inBed(t, takes(time.Second), nil, func(b *bed) {
		ids := b.submit(3, bench.KindTests, 1)
		synctest.Wait()
		b.awaited(bench.KindTests)
		time.Sleep(4 * time.Second) // less than until the queue is looked at anyway
		for _, id := range ids {
			b.is(id, bench.Finished, bench.OK)
		}
	})
}

func TestARunQueuesWhereTheHostMeasures(t *testing.T) {
	inBed(t, takes(time.Second), nil, func(b *bed) {
		synctest.Wait()
		release := hold(b)
		id, ended := b.awaited(bench.KindCommand)
		b.is(id, bench.Queued, "")
		release()
		if run := <-ended; *run.Verdict != bench.OK {
			t.Errorf("got %+v", run)
		}
	})
}

func TestARunTakenAtOnceCanBeCancelled(t *testing.T) {
	inBed(t, takes(time.Minute), nil, func(b *bed) {
		synctest.Wait()
		id, ended := b.awaited(bench.KindCommand)
		if err := b.Cancel(b.t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if run := <-ended; *run.Verdict != bench.Cancelled {
			t.Errorf("got %+v", run)
		}
	})
}

func TestASchedulerThatStopsTakesNothingAtOnce(t *testing.T) {
	inBed(t, takes(2*time.Second), nil, func(b *bed) {
		synctest.Wait()
		first, ended := b.awaited(bench.KindTests)
		b.stop()
		synctest.Wait()
		second, _ := b.awaited(bench.KindTests)
		if run := <-ended; run.ID != first || *run.Verdict != bench.OK {
			t.Errorf("what ran before: %+v", run)
		}
		b.is(second, bench.Queued, "")
	})
}

// slowEnd is a store that takes its time for what has ended.
type slowEnd struct {
	Store
	until chan struct{}
}

func (s slowEnd) Apply(ctx context.Context, t bench.Transition) error {
	if t.Run.State == bench.Finished {
		<-s.until
	}
	return s.Store.Apply(ctx, t)
}

// While a test is recorded another takes its place, and nothing is measured.
func TestNothingIsMeasuredWhileATestIsRecorded(t *testing.T) {
	var stored chan struct{}
	inBed(t, takes(time.Second), func(c *Config) {
		c.Capacity = 1
		stored = make(chan struct{}) // the bubble's own
		c.Store = slowEnd{c.Store, stored}
	}, func(b *bed) {
		synctest.Wait()
		b.awaited(bench.KindTests)
		time.Sleep(1500 * time.Millisecond) // it was executed by now
		next, _ := b.awaited(bench.KindTests)
		b.is(next, bench.Running, "")
		time.Sleep(1500 * time.Millisecond)
		measured, ended := b.awaited(bench.KindCommand)
		b.is(measured, bench.Queued, "")
		close(stored)
		if run := <-ended; *run.Verdict != bench.OK {
			t.Errorf("got %+v", run)
		}
	})
}
