package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/oklog/ulid/v2"

	"benchcell/internal/bench"
	"benchcell/internal/machine"
	"benchcell/internal/store"
)

// The store makes some of its parts at their first use: not inside a test's
// bubble, where no other test could use them.
func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "benchcell-scheduler-")
	if err != nil {
		panic(err)
	}
	s, err := store.Open(context.Background(), store.Options{Dir: dir})
	if err != nil {
		panic(err)
	}
	run := bench.NewRun("none", &bench.Plan{}, nil, time.Now())
	_ = s.Apply(context.Background(), run.Record(&bench.Measurement{Output: bench.Output{Stdout: []byte("x")}}))
	_ = s.Close()
	_ = os.RemoveAll(dir)
	os.Exit(m.Run())
}

// execute is a fake worker.
type execute func(ctx context.Context, run *bench.Run) *bench.Measurement

func (e execute) Execute(ctx context.Context, run *bench.Run, _ *bench.Plan) *bench.Measurement {
	m := e(ctx, run)
	m.Ended = time.Now().UTC()
	return m
}

func (e execute) ExecutePair(ctx context.Context, runs [2]*bench.Run, _ [2]*bench.Plan) (ms [2]*bench.Measurement) {
	for i := range runs {
		ms[i] = e(ctx, runs[i])
		ms[i].Ended = time.Now().UTC()
	}
	return ms
}

// takes is work of some length, which a real worker would break off.
func takes(d time.Duration) execute {
	return func(ctx context.Context, _ *bench.Run) *bench.Measurement {
		select {
		case <-time.After(d):
			return &bench.Measurement{Verdict: bench.OK}
		case <-ctx.Done():
			return &bench.Measurement{Verdict: bench.Cancelled}
		}
	}
}

// bed is a scheduler with everything about it, inside a bubble.
type bed struct {
	*Scheduler
	t        *testing.T
	store    *store.Store
	lock     string
	stop     context.CancelFunc
	stopped  chan error
	mu       sync.Mutex
	recorded []string
}

// inBed tests with a scheduler at work. change may replace parts of it before.
func inBed(t *testing.T, worker execute, change func(*Config), test func(*bed)) {
	t.Helper()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(t.Context(), store.Options{Dir: dir, MaxQueue: 1000})
		if err != nil {
			t.Fatal(err)
		}
		b := &bed{t: t, store: s, lock: filepath.Join(dir, "lock"), stopped: make(chan error, 1)}
		c := Config{
			Store: s, Worker: worker, Lock: machine.NewLock(b.lock), Machine: "host", Capacity: 4, Grace: 5 * time.Second,
			Recorded: b.note, Log: slog.New(slog.DiscardHandler),
		}
		if change != nil {
			change(&c)
		}
		b.Scheduler = New(c)
		ctx, cancel := context.WithCancel(context.Background())
		b.stop = cancel
		go func() { b.stopped <- b.Run(ctx) }()
		test(b)
		cancel()
		if err := <-b.stopped; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func (b *bed) note(r *bench.Run) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.recorded = append(b.recorded, r.ID)
}

// times says how often the end of a run was told.
func (b *bed) times(id string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.recorded {
		if r == id {
			n++
		}
	}
	return n
}

func plan(kind bench.Kind) bench.Plan {
	return bench.Plan{
		Benchmark: bench.Benchmark{Definition: bench.Definition{Name: "sort", Command: []string{"sort"}}, Slug: "sort", Kind: kind},
		Requested: bench.Process,
	}
}

// submit queues n runs of a kind; parallel above zero makes them a batch.
func (b *bed) submit(n int, kind bench.Kind, parallel int) []string {
	b.t.Helper()
	runs, err := b.Submit(b.t.Context(), slices.Repeat([]bench.Plan{plan(kind)}, n), parallel)
	if err != nil {
		b.t.Fatal(err)
	}
	var ids []string
	for _, r := range runs {
		ids = append(ids, r.ID)
	}
	return ids
}

func (b *bed) one() string { b.t.Helper(); return b.submit(1, bench.KindCommand, 0)[0] }

// left is a run that an earlier server had queued.
func (b *bed) left() string {
	b.t.Helper()
	p := plan(bench.KindCommand)
	run := bench.NewRun(ulid.Make().String(), &p, nil, time.Now())
	if err := b.store.Submit(b.t.Context(), []bench.Submission{{Run: run, Plan: p}}, nil); err != nil {
		b.t.Fatal(err)
	}
	b.bell.Ring()
	return run.ID
}

// is checks a run's state once nothing moves any more.
func (b *bed) is(id string, state bench.State, verdict bench.Verdict) *bench.Run {
	b.t.Helper()
	synctest.Wait()
	run, err := b.store.Run(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	if run.State != state || (verdict == "") != (run.Verdict == nil) || (run.Verdict != nil && *run.Verdict != verdict) {
		b.t.Errorf("run %s is %s, want %s %s: %+v", id, run.State, state, verdict, run)
	}
	return run
}

func TestARunIsTakenExecutedAndRecordedOnce(t *testing.T) {
	worker := func(_ context.Context, run *bench.Run) *bench.Measurement {
		time.Sleep(20 * time.Millisecond)
		return &bench.Measurement{
			Verdict: bench.OK, TimeSource: bench.TimeByRunner, Samples: []bench.Sample{{Wall: 9, Warmup: true}, {Wall: 2}, {Wall: 4}},
			Timeline: []bench.Instant{{Event: bench.EventEmpty, At: time.Now()}},
		}
	}
	inBed(t, worker, nil, func(b *bed) {
		id := b.one()
		time.Sleep(time.Second)
		run := b.is(id, bench.Finished, bench.OK)
		if *run.Machine != "host" || run.Time.N != 2 || *run.Time.Median != 3 || run.Attempt != 1 {
			t.Errorf("recorded %+v", run)
		}
		var events []string
		for _, m := range run.Timeline {
			events = append(events, fmt.Sprint(m.Event, " ", m.At))
		}
		if !slices.Equal(events, []string{"queued 0", "taken 0", "empty 20"}) {
			t.Errorf("timeline %v", events)
		}
		if n := b.times(id); n != 1 || b.Busy() {
			t.Errorf("told %d times; busy %v", n, b.Busy())
		}
	})
}

func TestSubmitMakesABatchOrNothing(t *testing.T) {
	inBed(t, takes(time.Second), nil, func(b *bed) {
		runs, err := b.Submit(b.t.Context(), []bench.Plan{plan(bench.KindTests), plan(bench.KindTests)}, 2)
		if err != nil || len(runs) != 2 || runs[0].ID == runs[1].ID || *runs[0].Batch != *runs[1].Batch || len(*runs[0].Batch) != 26 {
			t.Errorf("got %+v, %v", runs, err)
		}
		if alone, err := b.Submit(b.t.Context(), []bench.Plan{plan(bench.KindTests)}, 0); err != nil || alone[0].Batch != nil {
			t.Errorf("got %+v, %v", alone, err)
		}
		_, err = b.Submit(b.t.Context(), slices.Repeat([]bench.Plan{plan(bench.KindTests)}, 1001), 2)
		if bench.CodeOf(err) != bench.CodeQueueFull {
			t.Errorf("a batch above the queue's bound: %v", err)
		}
		time.Sleep(time.Minute)
		list, _, err := b.store.Runs(b.t.Context(), bench.RunFilter{}, "", 10)
		if err != nil || len(list) != 3 {
			t.Errorf("%d runs, %v", len(list), err)
		}
	})
}

// crowd counts who works at the same time.
type crowd struct {
	mu                         sync.Mutex
	measured, unmeasured, most int
	inBatch, mostInBatch       map[string]int
	t                          *testing.T
}

func (c *crowd) Execute(ctx context.Context, run *bench.Run, p *bench.Plan) *bench.Measurement {
	c.change(run, 1)
	defer c.change(run, -1)
	return takes(time.Duration(1+len(run.ID)%3)*time.Second).Execute(ctx, run, p)
}

func (c *crowd) ExecutePair(ctx context.Context, runs [2]*bench.Run, plans [2]*bench.Plan) [2]*bench.Measurement {
	c.change(runs[0], 1)
	defer c.change(runs[0], -1)
	return takes(time.Second).ExecutePair(ctx, runs, plans)
}

func (c *crowd) change(run *bench.Run, by int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if run.Kind.Measured() {
		c.measured += by
	} else {
		c.unmeasured += by
	}
	if run.Batch != nil {
		c.inBatch[*run.Batch] += by
		c.mostInBatch[*run.Batch] = max(c.mostInBatch[*run.Batch], c.inBatch[*run.Batch])
	}
	c.most = max(c.most, c.unmeasured)
	if c.measured > 1 || (c.measured > 0 && c.unmeasured > 0) {
		c.t.Errorf("%d measured and %d unmeasured at a time", c.measured, c.unmeasured)
	}
}

func TestTestsShareTheMachineAndMeasurementsDoNot(t *testing.T) {
	c := &crowd{t: t, inBatch: map[string]int{}, mostInBatch: map[string]int{}}
	inBed(t, nil, func(config *Config) { config.Worker = c }, func(b *bed) {
		batch := b.submit(10, bench.KindTests, 3)
		all := slices.Concat(batch, b.submit(3, bench.KindCommand, 2), b.pair(), b.submit(10, bench.KindTests, 8), b.submit(2, bench.KindCommand, 0), b.pair())
		time.Sleep(5 * time.Minute)
		for _, id := range all {
			b.is(id, bench.Finished, bench.OK)
		}
		first := b.is(batch[0], bench.Finished, bench.OK)
		if c.most != 4 || c.mostInBatch[*first.Batch] != 3 {
			t.Errorf("at most %d at a time, %d of the first batch", c.most, c.mostInBatch[*first.Batch])
		}
	})
}

func TestALongBatchHidesNobody(t *testing.T) {
	inBed(t, takes(time.Second), nil, func(b *bed) {
		batch := b.submit(400, bench.KindTests, 1)
		alone := b.submit(1, bench.KindTests, 0)[0]
		time.Sleep(3 * time.Second)
		b.is(alone, bench.Finished, bench.OK)
		b.is(batch[399], bench.Queued, "")
	})
}
