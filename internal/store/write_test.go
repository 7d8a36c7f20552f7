package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"benchcell/internal/bench"
)

// together calls do n times at once and returns what each returned.
func together(n int, do func(i int) error) []error {
	results := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { results[i] = do(i) })
	}
	wg.Wait()
	return results
}

func TestWritersShareTransactionsAndNoneSpoilsAnothers(t *testing.T) {
	s := openIn(t, Options{})
	const n, late, broken = 200, 71, 133
	runs := make([]*bench.Run, n)
	for i := range n {
		id := fmt.Sprint(i)
		submit(t, s, id)
		runs[i] = get(t, s, id)
	}
	apply(t, s, runs[late].Take(time.Now().UTC()))
	results := together(n, func(i int) error {
		if i == broken { // fails in the middle of the transaction
			return s.Submit(t.Context(), []bench.Submission{submission("fresh", "z"), submission("0", "a")}, nil)
		}
		return s.Apply(t.Context(), runs[i].Take(time.Now().UTC()))
	})
	for i, err := range results {
		switch i {
		case late:
			if bench.CodeOf(err) != bench.CodeConflict {
				t.Errorf("the late one: %v", err)
			}
		case broken:
			if bench.CodeOf(err) != bench.CodeInternal {
				t.Errorf("the broken one: %v", err)
			}
		default:
			if r := get(t, s, fmt.Sprint(i)); err != nil || r.State != bench.Running {
				t.Errorf("%d is %s: %v", i, r.State, err)
			}
		}
	}
	if _, err := s.Run(t.Context(), "fresh"); bench.CodeOf(err) != bench.CodeNotFound {
		t.Error("half of the broken change was stored")
	}
	if _, newest, err := s.EventRange(t.Context()); newest < 2*n-1 || err != nil {
		t.Errorf("%d events, %v", newest, err)
	}
	var events int
	if err := s.reads.QueryRow("SELECT count(*) FROM events").Scan(&events); err != nil || events != 2*n-1 {
		t.Errorf("%d events for %d changes, %v", events, 2*n-1, err)
	}
}

// The connection is asked what it does while each change is made.
func TestOnlyChangesThatMayBeLostDoNotWaitForTheDisk(t *testing.T) {
	s := openIn(t, Options{})
	for i, loose := range []bool{false, true, true, false, true, false, false} {
		waits := -1
		err := s.write(t.Context(), &write{loose: loose, do: func(tx *transaction) error {
			return tx.QueryRowContext(t.Context(), "PRAGMA synchronous").Scan(&waits)
		}})
		if want := map[bool]int{true: 1, false: 2}[loose]; err != nil || waits != want {
			t.Errorf("change %d, loose %v: synchronous is %d, want %d: %v", i, loose, waits, want, err)
		}
	}
}

func TestACancelledCallerLeavesNoHalfWrite(t *testing.T) {
	s := openIn(t, Options{})
	ctx, cancel := cancelled(t)
	defer cancel()
	err := s.Submit(ctx, []bench.Submission{submission("1", "a")}, nil)
	_, missing := s.Run(t.Context(), "1")
	if (err == nil) != (missing == nil) {
		t.Errorf("submit said %v and the run is %v", err, missing)
	}
}

func TestWhatWasAcknowledgedOutlivesTheClose(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	var acknowledged atomic.Int64
	enough := make(chan struct{})
	results := make(chan []error)
	go func() {
		results <- together(32, func(writer int) error {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d", writer, i)
				if err := s.Submit(t.Context(), []bench.Submission{submission(id, "a")}, nil); err != nil {
					return err
				}
				if acknowledged.Add(1) == 200 {
					close(enough)
				}
			}
		})
	}()
	<-enough
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
	for _, err := range <-results {
		if bench.CodeOf(err) != bench.CodeUnavailable {
			t.Errorf("after the close: %v", err)
		}
	}
	if err := s.Apply(t.Context(), submission("x", "a").Run.Take(time.Now().UTC())); bench.CodeOf(err) != bench.CodeUnavailable {
		t.Errorf("after the close: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("a second close: %v", err)
	}
	s = openIn(t, Options{Dir: dir})
	if queued, _, err := s.Counts(t.Context()); err != nil || int64(queued) != acknowledged.Load() {
		t.Errorf("%d runs are stored and %d were acknowledged, %v", queued, acknowledged.Load(), err)
	}
}

func TestTheBellRingsAfterAChangeCanBeSeen(t *testing.T) {
	s := openIn(t, Options{})
	bell := s.Bell().Next()
	go func() { _ = s.Submit(t.Context(), []bench.Submission{submission("1", "a")}, nil) }()
	<-bell
	get(t, s, "1")
}

// A store that is full by its own bound stands for a disk that is.
func TestAFullStoreRefusesAndWorksAgain(t *testing.T) {
	s := openIn(t, Options{})
	submit(t, s, "1")
	run := apply(t, s, get(t, s, "1").Take(time.Now().UTC()))
	limit := func(pages int) {
		if _, err := s.writes.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(1) // means: no more than there are
	end := run.Record(&bench.Measurement{Verdict: bench.OK, Ended: time.Now().UTC(), Output: bench.Output{Stdout: noise(1 << 20)}})
	fillsUp(t, s, end)
	limit(1 << 30)
	apply(t, s, end)
	if r := get(t, s, "1"); r.State != bench.Finished {
		t.Errorf("got %+v", r)
	}
}

// fillsUp applies what does not fit, beside others.
func fillsUp(t *testing.T, s *Store, end bench.Transition) {
	t.Helper()
	before := state(t, s)
	for _, err := range together(8, func(int) error { return s.Apply(t.Context(), end) }) {
		if bench.CodeOf(err) != bench.CodeStorage {
			t.Errorf("a write to a full store: %v (%s)", err, bench.CodeOf(err))
		}
	}
	if after := state(t, s); after != before {
		t.Errorf("something of it was stored: %s", after)
	}
}
