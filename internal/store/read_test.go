package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
)

// pages reads all pages of a list and calls between after each.
func pages(t *testing.T, s *Store, f bench.RunFilter, limit int, between func()) (ids []string) {
	t.Helper()
	for cursor := ""; ; {
		runs, next, err := s.Runs(t.Context(), f, cursor, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			ids = append(ids, r.ID)
		}
		if len(runs) > limit || (next != "") != (len(runs) == limit && next != "") {
			t.Fatalf("a page of %d with cursor %q", len(runs), next)
		}
		if next == "" {
			return ids
		}
		cursor = next
		between()
	}
}

func TestPagesNeitherRepeatNorLoseWhileRunsComeIn(t *testing.T) {
	s := openIn(t, Options{})
	var want []string
	for i := range 101 {
		id := fmt.Sprintf("old-%03d", i)
		submit(t, s, id)
		want = append(want, id)
	}
	slices.Reverse(want)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	more := make(chan struct{}) // the writer comes in between any two pages, and beside them
	go func() {
		defer close(done)
		for i := 0; ctx.Err() == nil; i++ {
			_ = s.Submit(ctx, []bench.Submission{submission(fmt.Sprintf("new-%d", i), "a")}, nil)
			select {
			case more <- struct{}{}:
			default:
			}
		}
	}()
	got := pages(t, s, bench.RunFilter{}, 7, func() { <-more })
	stop()
	<-done
	old := slices.DeleteFunc(slices.Clone(got), func(id string) bool { return strings.HasPrefix(id, "new-") })
	if !slices.Equal(old, want) {
		t.Errorf("got %v", old)
	}
	seen := map[string]bool{}
	for _, id := range got {
		if seen[id] {
			t.Errorf("%s comes twice", id)
		}
		seen[id] = true
	}
}

func TestPagesEndExactly(t *testing.T) {
	s := openIn(t, Options{})
	if ids := pages(t, s, bench.RunFilter{}, 2, func() {}); len(ids) != 0 {
		t.Errorf("of nothing: %v", ids)
	}
	submit(t, s, "1", "2", "3", "4")
	for limit := 1; limit <= 5; limit++ {
		asked := 0
		ids := pages(t, s, bench.RunFilter{}, limit, func() { asked++ })
		if !slices.Equal(ids, []string{"4", "3", "2", "1"}) || asked != (4-1)/limit {
			t.Errorf("limit %d: %v in %d pages", limit, ids, asked+1)
		}
	}
	for _, cursor := range []string{"x", "-1", "1.5", "99999999999999999999", "1; DROP TABLE runs"} {
		if _, _, err := s.Runs(t.Context(), bench.RunFilter{}, cursor, 2); bench.CodeOf(err) != bench.CodeInvalid || !strings.Contains(err.Error(), "cursor") {
			t.Errorf("cursor %q: %v", cursor, err)
		}
	}
}

func TestFilters(t *testing.T) {
	s := openIn(t, Options{})
	batch := "b"
	for _, c := range []struct{ id, slug, category string }{{"1", "sort", "cpu"}, {"2", "gzip", "cpu"}, {"3", "sort", "io"}, {"4", "sort", "cpu"}} {
		sub := submission(c.id, c.slug)
		sub.Run.Category = c.category
		var b *bench.Batch
		if c.id == "4" {
			sub.Run.Batch, b = &batch, &bench.Batch{ID: batch, Parallel: 2}
		}
		if err := s.Submit(t.Context(), []bench.Submission{sub}, b); err != nil {
			t.Fatal(err)
		}
	}
	inside := bench.InProcess
	finish(t, s, "1", bench.OK, &bench.Measurement{Effective: &inside})
	finish(t, s, "2", bench.OOM, nil)
	apply(t, s, get(t, s, "3").Take(time.Now().UTC()))
	for want, f := range map[string]bench.RunFilter{
		"4 3 2 1": {},
		"4 3 1":   {Benchmark: "sort"},
		"4 2 1":   {Category: "cpu"},
		"1":       {Isolation: bench.InProcess}, // what was effective, not what was requested
		"4 3 2":   {Isolation: bench.Process},
		"2":       {Verdict: bench.OOM},
		"4":       {State: bench.Queued},
		"3":       {State: bench.Running},
		"2 1":     {State: bench.Finished},
		"4 ":      {Batch: batch},
		"":        {Benchmark: "gzip", Verdict: bench.OK},
		" 1":      {Benchmark: "sort", Verdict: bench.OK, Category: "cpu", Isolation: bench.InProcess, State: bench.Finished},
	} {
		if got := strings.Join(pages(t, s, f, 1, func() {}), " "); got != strings.TrimSpace(want) {
			t.Errorf("%+v: %q, want %q", f, got, want)
		}
	}
}

func TestTheQueueIsInOrderAndFullBatchesHideNobody(t *testing.T) {
	s := openIn(t, Options{})
	batch := "b"
	var list []bench.Submission
	for i := range 5 {
		sub := submission(fmt.Sprint("b", i), "tests")
		sub.Run.Batch = &batch
		if i < 4 {
			sub.Run.Kind = bench.KindTests
		}
		list = append(list, sub)
	}
	if err := s.Submit(t.Context(), list, &bench.Batch{ID: batch, Parallel: 2}); err != nil {
		t.Fatal(err)
	}
	submit(t, s, "alone")
	for _, c := range []struct {
		full  []string
		limit int
		want  string
	}{
		{nil, 3, "b0 b1 b2"},
		{nil, 10, "b0 b1 b2 b3 b4 alone"},
		{[]string{"b", "another"}, 10, "b4 alone"}, // a measured run is never hidden
	} {
		queue, err := s.Queue(t.Context(), c.full, c.limit)
		var ids []string
		for _, w := range queue {
			ids = append(ids, w.ID)
		}
		if err != nil || strings.Join(ids, " ") != c.want {
			t.Errorf("without %v: %v, %v", c.full, ids, err)
		}
		if q := queue[0]; q.ID == "b0" && (q.Batch != "b" || q.Parallel != 2 || q.Measured) {
			t.Errorf("got %+v", q)
		}
	}
}

func TestWhatABenchmarksLineShows(t *testing.T) {
	s := openIn(t, Options{})
	for i, v := range []bench.Verdict{bench.OK, bench.OK, bench.Timeout, bench.OK} {
		id := fmt.Sprint("a", i)
		submit(t, s, id)
		run := apply(t, s, get(t, s, id).Take(time.Now().UTC()))
		end := run.Record(&bench.Measurement{Verdict: v, Ended: time.Now().UTC()})
		median := float64(i)
		end.Run.Time.Median = &median
		if i == 0 { // over a week ago
			old := time.Now().UTC().AddDate(0, 0, -8)
			end.Run.FinishedAt = &old
		}
		apply(t, s, end)
	}
	submit(t, s, "still-queued")
	latest, err := s.Latest(t.Context(), []string{"a", "never-run"})
	if err != nil || len(latest) != 1 || latest["a"].ID != "a3" {
		t.Errorf("latest %v, %v", latest, err)
	}
	rates, err := s.SuccessRates(t.Context(), []string{"a", "never-run"}, 7)
	if err != nil || len(rates) != 1 || rates["a"] != (bench.SuccessRate{OK: 2, Total: 3, WindowDays: 7}) {
		t.Errorf("rates %v, %v", rates, err)
	}
	medians, err := s.Medians(t.Context(), []string{"a", "never-run"})
	if err != nil || !slices.Equal(medians["a"], []float64{0, 1, 3}) {
		t.Errorf("medians %v, %v", medians, err)
	}
	if none := medians["never-run"]; none == nil || len(none) != 0 {
		t.Errorf("medians of what never ran: %v", none)
	}
	finish(t, s, "still-queued", bench.OK, nil)
	if latest, err := s.Latest(t.Context(), []string{"a"}); err != nil || latest["a"].ID != "still-queued" {
		t.Errorf("after another run the latest is %v, %v", latest["a"], err)
	}
}

func TestEvents(t *testing.T) {
	s := openIn(t, Options{})
	if oldest, newest, err := s.EventRange(t.Context()); oldest != 0 || newest != 0 || err != nil {
		t.Errorf("of nothing: %d to %d, %v", oldest, newest, err)
	}
	submit(t, s, "1", "2")
	finish(t, s, "1", bench.OK, nil)
	if oldest, newest, err := s.EventRange(t.Context()); oldest != 1 || newest != 4 || err != nil {
		t.Errorf("%d to %d, %v", oldest, newest, err)
	}
	for _, c := range []struct {
		run   string
		after int64
		limit int
		want  string
	}{
		{"", 0, 9, "1:1 2:2 3:1 4:1"},
		{"", 2, 1, "3:1"},
		{"1", 1, 9, "3:1 4:1"},
		{"", 4, 9, ""},
		{"nobody", 0, 9, ""},
	} {
		events, err := s.EventsAfter(t.Context(), c.run, c.after, c.limit)
		var got []string
		for _, e := range events {
			got = append(got, fmt.Sprintf("%d:%s", e.Seq, e.Run))
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%q after %d: %v, %v", c.run, c.after, got, err)
		}
	}
}

// Ten years of finished runs must not slow down the queue: every transition
// would pay for them.
func TestTheQueueIsFoundWithoutReadingFinishedRuns(t *testing.T) {
	s := openIn(t, Options{})
	for _, query := range []string{
		"SELECT count(*) FROM runs WHERE state = 'queued' AND " + open,
		"SELECT id FROM runs WHERE state = 'queued' AND " + open + " ORDER BY seq LIMIT 5",
		"SELECT body FROM runs WHERE state = 'running' AND " + open,
		"SELECT body FROM runs WHERE state = 'running' AND " + open + " ORDER BY seq DESC LIMIT 5",
		"SELECT sum(state = 'queued') FROM runs WHERE " + open,
	} {
		var a, b, c int
		var how string
		if err := s.reads.QueryRow("EXPLAIN QUERY PLAN "+query).Scan(&a, &b, &c, &how); err != nil || !strings.Contains(how, "runs_open") {
			t.Errorf("%s: %s, %v", query, how, err)
		}
	}
}

func TestReadersCanNotWrite(t *testing.T) {
	s := openIn(t, Options{})
	if _, err := s.reads.Exec("DELETE FROM runs"); err == nil {
		t.Error("a reading connection wrote")
	}
}

// Whatever narrows a list, it is found through an index that has all of it.
func TestEveryFilterFindsWhatItNames(t *testing.T) {
	s := openIn(t, Options{})
	for i, v := range []bench.Verdict{bench.OK, bench.OOM, bench.OK, bench.Timeout, bench.OK, bench.OOM} {
		id := fmt.Sprint("run", i)
		sub := submission(id, []string{"x", "y"}[i%2])
		sub.Run.Category = []string{"c", "d", "e"}[i%3]
		if err := s.Submit(t.Context(), []bench.Submission{sub}, nil); err != nil {
			t.Fatal(err)
		}
		effective := bench.Isolations[i%2+1]
		finish(t, s, id, v, &bench.Measurement{Effective: &effective})
	}
	all, _, err := s.Runs(t.Context(), bench.RunFilter{}, "", 10)
	if err != nil || len(all) != 6 {
		t.Fatalf("%d runs, %v", len(all), err)
	}
	for mask := range 32 {
		for _, like := range all {
			var f bench.RunFilter
			for bit, set := range []func(){
				func() { f.Benchmark = like.Slug }, func() { f.Verdict = *like.Verdict }, func() { f.Isolation = *like.Isolation.Effective },
				func() { f.Category = like.Category }, func() { f.State = bench.Finished },
			} {
				if mask&(1<<bit) != 0 {
					set()
				}
			}
			found, _, err := s.Runs(t.Context(), f, "", 10)
			if err != nil {
				t.Fatalf("%+v: %v", f, err)
			}
			n := 0
			for _, r := range all {
				if (f.Benchmark == "" || f.Benchmark == r.Slug) && (f.Verdict == "" || f.Verdict == *r.Verdict) &&
					(f.Isolation == "" || f.Isolation == *r.Isolation.Effective) && (f.Category == "" || f.Category == r.Category) {
					n++
				}
			}
			if len(found) != n {
				t.Errorf("%+v: %d runs, want %d", f, len(found), n)
			}
		}
	}
}
