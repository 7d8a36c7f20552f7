package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
)

// noise does not compress.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func cancelled(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx, cancel
}

// fill stores finished runs 0 to n-1, each with an output of about a KiB and
// samples.
func fill(t *testing.T, s *Store, n int) {
	t.Helper()
	for i := range n {
		id := fmt.Sprint(i)
		submit(t, s, id)
		median := float64(i)
		run := apply(t, s, get(t, s, id).Take(time.Now().UTC()))
		end := run.Record(&bench.Measurement{
			Verdict: bench.OK, Ended: time.Now().UTC(), Samples: []bench.Sample{{Wall: median}},
			Output: bench.Output{Stdout: noise(1000), Stderr: []byte("err")},
		})
		end.Run.Time.Median = &median
		apply(t, s, end)
	}
}

// kept lists the runs that still have a row in a table, and the sum that is
// kept of its bytes beside the true one.
func kept(t *testing.T, s *Store, table, size string) (ids string, total, truth int64) {
	t.Helper()
	var list *string
	err := s.reads.QueryRow("SELECT group_concat(id, ' ' ORDER BY seq) FROM runs JOIN " + table + " ON run = seq").Scan(&list)
	if err == nil {
		err = s.reads.QueryRow("SELECT bytes FROM totals WHERE what = ?", table).Scan(&total)
	}
	if err == nil {
		err = s.reads.QueryRow("SELECT coalesce(sum(" + size + "), 0) FROM " + table).Scan(&truth)
	}
	if err != nil {
		t.Fatal(err)
	}
	if list != nil {
		ids = *list
	}
	return ids, total, truth
}

const (
	outputSize = "coalesce(length(stdout), 0) + coalesce(length(stderr), 0)"
	sampleSize = "length(body)"
)

func TestTheOldestGoFirstAndNoMoreThanNeeded(t *testing.T) {
	s := openIn(t, Options{KeepOutputs: 5 << 10, KeepSamples: 1 << 20})
	fill(t, s, 10)
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	ids, total, truth := kept(t, s, "outputs", outputSize)
	if ids != "6 7 8 9" || total != truth || total > 5<<10 {
		t.Errorf("outputs of %s, %d bytes counted, %d there", ids, total, truth)
	}
	ids, total, truth = kept(t, s, "samples", sampleSize)
	if ids != "0 1 2 3 4 5 6 7 8 9" || total != truth {
		t.Errorf("samples of %s, %d bytes counted, %d there", ids, total, truth)
	}
}

func TestFiguresStayWhenOutputsAndSamplesGo(t *testing.T) {
	s := openIn(t, Options{KeepOutputs: 1, KeepSamples: 1, KeepEvents: 4})
	fill(t, s, 250) // more than one step
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	for table, size := range map[string]string{"outputs": outputSize, "samples": sampleSize} {
		if ids, total, truth := kept(t, s, table, size); ids != "" || total != 0 || truth != 0 {
			t.Errorf("%s of %s are left, %d bytes counted, %d there", table, ids, total, truth)
		}
	}
	r := get(t, s, "7")
	if *r.Time.Median != 7 || r.Stdout.Kept != 1000 || r.Stderr.Tail != "err" {
		t.Errorf("the run is now %+v", r)
	}
	if samples, err := s.Samples(t.Context(), "7"); err != nil || samples == nil || len(samples) != 0 {
		t.Errorf("samples that went: %v, %v", samples, err)
	}
	if out, err := s.Output(t.Context(), "7", true); err != nil || len(out) != 0 {
		t.Errorf("output that went: %q, %v", out, err)
	}
	if oldest, newest, err := s.EventRange(t.Context()); newest-oldest != 3 || newest != 750 || err != nil {
		t.Errorf("events %d to %d, %v", oldest, newest, err)
	}
	fill250 := get(t, s, "249")
	if medians, err := s.Medians(t.Context(), []string{"a"}); len(medians["a"]) != RecentRuns || fill250.State != bench.Finished || err != nil {
		t.Errorf("%d medians, %v", len(medians), err)
	}
}

func TestTidyOfWhatFitsChangesNothing(t *testing.T) {
	s := openIn(t, Options{})
	fill(t, s, 3)
	before := state(t, s)
	if err := s.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := state(t, s); after != before {
		t.Errorf("from %s to %s", before, after)
	}
}

// A count that has gone wrong must not keep the tidying busy for ever.
func TestTidyEndsAlthoughTheTotalIsWrong(t *testing.T) {
	s := openIn(t, Options{KeepOutputs: 1})
	if _, err := s.writes.Exec("UPDATE totals SET bytes = 1000 WHERE what = 'outputs'"); err != nil {
		t.Fatal(err)
	}
	if err := s.Tidy(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTidyWaitsForQuietButNotForEver(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.Context(), Options{Dir: dir, KeepOutputs: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		fill(t, s, 1)
		ctx, stop := context.WithCancel(t.Context())
		var quiet atomic.Bool
		done := make(chan error)
		go func() { done <- s.KeepTidy(ctx, quiet.Load) }()
		outputs := func() string {
			synctest.Wait()
			ids, _, _ := kept(t, s, "outputs", outputSize)
			return ids
		}
		time.Sleep((mostChances-1)*tidyEvery + time.Second)
		if outputs() != "0" {
			t.Error("tidied beside a run")
		}
		time.Sleep(tidyEvery)
		if outputs() != "" {
			t.Error("a server that never rests is never tidied")
		}
		quiet.Store(true)
		submit(t, s, "next")
		finish(t, s, "next", bench.OK, &bench.Measurement{Output: bench.Output{Stdout: noise(100)}})
		time.Sleep(tidyEvery)
		if outputs() != "" {
			t.Error("not tidied although it is quiet")
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestReadyTellsOfLowSpace(t *testing.T) {
	s := openIn(t, Options{MinFree: 1 << 62})
	err := s.Ready()
	if bench.CodeOf(err) != bench.CodeStorage || !strings.Contains(err.Error(), s.options.Dir) || !strings.Contains(err.Error(), "free some space") {
		t.Errorf("got %v", err)
	}
	if err := openIn(t, Options{MinFree: 1}).Ready(); err != nil {
		t.Error(err)
	}
	s.options.Dir = filepath.Join(s.options.Dir, "gone")
	if err := s.Ready(); bench.CodeOf(err) != bench.CodeStorage {
		t.Errorf("without its folder: %v", err)
	}
}
