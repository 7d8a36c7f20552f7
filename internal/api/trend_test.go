package api

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/history"
)

// past is a site with the history of one benchmark: runs a minute apart from
// 2026-01-01 on, of 10 ms and from the middle on of 12, on two branches.
func past(t testing.TB, runs int) *site {
	t.Helper()
	s := open(t, choices{idle: true, change: func(c *Config) {
		c.History = history.New(c.Store.(history.Store), nil, slog.New(slog.DiscardHandler))
	}})
	for i := range runs {
		s.past(i, 10+2*float64(2*i/runs)+float64(i*7919%100)/1e3)
	}
	return s
}

func (s *site) past(i int, median float64) {
	s.t.Helper()
	plan := bench.Plan{
		Requested: bench.Process, Benchmark: bench.Benchmark{
			Definition: bench.Definition{Name: "old", Command: []string{"true"}}, Slug: "old", Kind: bench.KindCommand, Trusted: true,
		},
		Occasion: bench.Occasion{Revision: &bench.Revision{Commit: "abcdef0", Branch: []string{"main", "topic"}[i%2]}},
	}
	at := time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC)
	run := bench.NewRun(fmt.Sprintf("run-%05d", i), &plan, nil, at)
	if err := s.store.Submit(s.t.Context(), []bench.Submission{{Run: run, Plan: plan}}, nil); err != nil {
		s.t.Fatal(err)
	}
	take := run.Take(at)
	if err := s.store.Apply(s.t.Context(), take); err != nil {
		s.t.Fatal(err)
	}
	process, machine, user, system, peak := bench.Process, "host", int64(20_000), int64(1000), int64(1<<20+i)
	end := take.Run.Record(&bench.Measurement{Verdict: bench.OK, Effective: &process, Ended: at, Usage: bench.ResourceUsage{
		MaxRSS: &peak, CPUTime: bench.CPUTime{User: &user, System: &system},
	}})
	end.Run.Machine, end.Run.Time.Median, end.Run.Time.N = &machine, &median, 2
	if err := s.store.Apply(s.t.Context(), end); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) trend(query string) (t bench.Trend) {
	s.t.Helper()
	s.into(&t, http.StatusOK, s.ask("GET", "/api/v1/benchmarks/old/trend?"+query, ""))
	return t
}

func TestATrendIsOfWhatWasAskedFor(t *testing.T) {
	s := past(t, 120)
	all := s.trend("")
	if all.Total != 120 || len(all.Points) != 120 || len(all.ChangePoints) != 1 || all.ChangePoints[0].Run != "run-00060" {
		t.Fatalf("%d of %d points, changes %+v", len(all.Points), all.Total, all.ChangePoints)
	}
	p := all.Points[3]
	if *p.CPU != 10_500 || *p.MaxRSS != 1<<20+3 || *p.Branch != "topic" || !p.At.Equal(time.Date(2026, 1, 1, 0, 3, 0, 0, time.UTC)) {
		t.Errorf("a point: %+v", p)
	}
	if fmt.Sprint(all.Branches) != "[main topic]" || len(all.Choices) != 1 || all.Choices[0].Points != 120 || all.Choices[0].Machine != "host" {
		t.Errorf("choices %+v, branches %v", all.Choices, all.Branches)
	}
	for query, want := range map[string]struct{ total, changes int }{
		"from=2026-01-01T01:30:00Z":                         {30, 0},
		"to=2026-01-01T01:29:00Z":                           {90, 1},
		"from=2026-01-01T00:50:00Z&to=2026-01-01T01:10:00Z": {21, 1},
		"branch=topic":                                      {60, 1},
		"branch=gone":                                       {0, 0},
		"limit=10":                                          {10, 0},
		"points=20":                                         {120, 1},
	} {
		got := s.trend(query)
		if got.Total != want.total || len(got.ChangePoints) != want.changes || len(got.Points) > want.total {
			t.Errorf("%s: %d points of %d, %d changes", query, len(got.Points), got.Total, len(got.ChangePoints))
		}
	}
	few := s.trend("points=20")
	if n := len(few.Points); n < 10 || n > 30 || few.Points[0].Run != "run-00000" || few.Points[n-1].Run != "run-00119" {
		t.Errorf("thinned to %d points", n)
	}
	s.past(120, 12)
	if now := s.trend(""); now.Total != 121 || now.Points[120].Run != "run-00120" {
		t.Errorf("after another run: %d points", now.Total)
	}
}

func TestATrendThatIsNone(t *testing.T) {
	s := past(t, 1)
	for query, status := range map[string]int{
		"machine=other":    http.StatusNotFound,
		"isolation=vm":     http.StatusUnprocessableEntity,
		"definition=other": http.StatusNotFound,
		"from=yesterday":   http.StatusUnprocessableEntity,
		"points=5":         http.StatusUnprocessableEntity,
		"points=1e9":       http.StatusUnprocessableEntity,
		"from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z": http.StatusUnprocessableEntity,
	} {
		if r := s.ask("GET", "/api/v1/benchmarks/old/trend?"+query, ""); r.StatusCode != status {
			t.Errorf("%s: %s %s", query, r.Status, r.body)
		}
	}
}

// BenchmarkTrend is the whole request, over 10,000 runs: the first after a start,
// that after a run was added, and any other.
func BenchmarkTrend(b *testing.B) {
	const runs = 10_000
	s := past(b, runs)
	handler := s.Public()
	ask := func(b *testing.B) {
		answer := httptest.NewRecorder()
		request := httptest.NewRequest(http.MethodGet, "http://localhost/api/v1/benchmarks/old/trend", http.NoBody)
		if handler.ServeHTTP(answer, request); answer.Code != http.StatusOK {
			b.Fatal(answer.Body)
		}
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			s.History = history.New(s.store, nil, slog.New(slog.DiscardHandler))
			ask(b)
		}
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			ask(b)
		}
	})
	b.Run("after a run", func(b *testing.B) {
		for i := runs; b.Loop(); i++ {
			b.StopTimer()
			s.past(i, 12)
			b.StartTimer()
			ask(b)
		}
	})
}
