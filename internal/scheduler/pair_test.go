package scheduler

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
)

// pair queues the two sides of a comparison.
func (b *bed) pair() []string {
	b.t.Helper()
	plans, err := bench.Pair([2]bench.Plan{plan(bench.KindCommand), plan(bench.KindCommand)}, 3)
	if err != nil {
		b.t.Fatal(err)
	}
	runs, err := b.SubmitPair(b.t.Context(), plans)
	if err != nil {
		b.t.Fatal(err)
	}
	return []string{runs[0].ID, runs[1].ID}
}

// seen notes which pairs and runs a worker is given.
type seen struct {
	execute
	given []string
}

func (s *seen) Execute(ctx context.Context, run *bench.Run, p *bench.Plan) *bench.Measurement {
	s.given = append(s.given, run.ID)
	return s.execute.Execute(ctx, run, p)
}

func (s *seen) ExecutePair(ctx context.Context, runs [2]*bench.Run, plans [2]*bench.Plan) [2]*bench.Measurement {
	s.given = append(s.given, runs[0].ID+"+"+runs[1].ID)
	return s.execute.ExecutePair(ctx, runs, plans)
}

func TestAPairIsWorkedTogether(t *testing.T) {
	worker := &seen{execute: takes(time.Second)}
	inBed(t, nil, func(c *Config) { c.Worker = worker }, func(b *bed) {
		pair := b.pair()
		alone := b.one()
		time.Sleep(time.Minute)
		for i, id := range pair {
			run := b.is(id, bench.Finished, bench.OK)
			if *run.PairedWith != pair[1-i] || *run.Side != []bench.Side{bench.SideA, bench.SideB}[i] || run.Attempt != 1 || b.times(id) != 1 {
				t.Errorf("side %d: %+v", i, run)
			}
		}
		if run := b.is(alone, bench.Finished, bench.OK); run.PairedWith != nil || run.Side != nil {
			t.Errorf("alone: %+v", run)
		}
		if got, want := strings.Join(worker.given, " "), pair[0]+"+"+pair[1]+" "+alone; got != want {
			t.Errorf("given %s, want %s", got, want)
		}
	})
}

func TestCancelOfEitherSideEndsBoth(t *testing.T) {
	for side := range 2 {
		inBed(t, takes(time.Minute), nil, func(b *bed) {
			running, queued := b.pair(), b.pair()
			synctest.Wait()
			for _, pair := range [][]string{queued, running} {
				if err := b.Cancel(b.t.Context(), pair[side]); err != nil {
					t.Error(err)
				}
				for _, id := range pair {
					run := b.is(id, bench.Finished, bench.Cancelled)
					if taken := run.Attempt > 0; taken != (pair[0] == running[0]) || b.times(id) != 1 {
						t.Errorf("attempt %d, told %d times", run.Attempt, b.times(id))
					}
				}
			}
		})
		inBed(t, takes(time.Minute), nil, func(b *bed) { // while it waits for the host
			release := hold(b)
			pair := b.pair()
			synctest.Wait()
			if err := b.Cancel(b.t.Context(), pair[side]); err != nil {
				t.Error(err)
			}
			for _, id := range pair {
				b.is(id, bench.Finished, bench.Cancelled)
			}
			release()
			if synctest.Wait(); b.Busy() {
				t.Error("it still waits")
			}
		})
	}
}

// One side ends between our look at it and its taking.
func TestAPairIsTakenWholeOrNotAtAll(t *testing.T) {
	worker := &seen{execute: takes(time.Second)}
	inBed(t, nil, func(c *Config) { c.Worker = worker }, func(b *bed) {
		release := hold(b)
		pair := b.pair()
		synctest.Wait()
		second := b.is(pair[1], bench.Queued, "")
		if err := b.store.Apply(b.t.Context(), second.End(bench.Cancelled, time.Now())); err != nil {
			t.Fatal(err)
		}
		release()
		time.Sleep(time.Second)
		run := b.is(pair[0], bench.Finished, bench.Cancelled)
		if !strings.Contains(*run.Error, "run "+pair[1]+", is lost: it ended first: cancelled.") {
			t.Errorf("it says %s", *run.Error)
		}
		if len(worker.given) != 0 {
			t.Errorf("it was executed: %v", worker.given)
		}
	})
}

// A server died after it had taken one side.
func TestWhatIsLeftOfAPairEnds(t *testing.T) {
	worker := &seen{execute: takes(time.Second)}
	inBed(t, nil, func(c *Config) { c.Worker = worker }, func(b *bed) {
		release := hold(b)
		b.one() // so that the pair is not looked at yet
		synctest.Wait()
		pair := b.pair()
		b.forget(*b.is(pair[0], bench.Queued, ""), *b.is(pair[1], bench.Queued, ""))
		first := b.is(pair[0], bench.Queued, "").Take(time.Now())
		for _, change := range []bench.Transition{first, first.Run.End(bench.Interrupted, time.Now())} {
			if err := b.store.Apply(b.t.Context(), change); err != nil {
				t.Fatal(err)
			}
		}
		release()
		time.Sleep(time.Minute)
		run := b.is(pair[1], bench.Finished, bench.Interrupted)
		if !strings.Contains(*run.Error, "it ended first: interrupted.") || len(worker.given) != 1 {
			t.Errorf("it says %s; executed %v", *run.Error, worker.given)
		}
	})
}

// Whoever finds it in the store works it, and A stays A.
func TestAPairThatAnEarlierServerHadQueued(t *testing.T) {
	worker := &seen{execute: takes(time.Second)}
	inBed(t, nil, func(c *Config) { c.Worker = worker }, func(b *bed) {
		release := hold(b)
		b.one()
		synctest.Wait()
		pair := b.pair()
		b.forget(*b.is(pair[0], bench.Queued, ""), *b.is(pair[1], bench.Queued, ""))
		release()
		time.Sleep(time.Minute)
		synctest.Wait() // for what the worker wrote
		if worker.given[1] != pair[0]+"+"+pair[1] {
			t.Errorf("given %v", worker.given)
		}
	})
}
