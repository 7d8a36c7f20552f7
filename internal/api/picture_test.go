package api

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// course is a history with two levels.
type course struct{}

func (course) Trend(_ context.Context, q bench.TrendQuery) (*bench.Trend, error) {
	if q.Benchmark != "sort-lines" {
		return nil, bench.Errorf(bench.CodeNotFound, "no history")
	}
	t := &bench.Trend{ChangePoints: []bench.ChangePoint{{Run: "c"}}}
	for i, median := range []float64{1, 1, 2} {
		t.Points = append(t.Points, bench.Point{Run: string(rune('a' + i)), Median: &median})
	}
	return t, nil
}

func (course) Changes(series []float64) []int {
	if len(series) < 3 {
		return []int{}
	}
	return []int{2}
}

func TestBadgesSayHowABenchmarkStands(t *testing.T) {
	s := open(t, choices{change: func(c *Config) {
		c.Benchmarks = append(c.Benchmarks, bench.Benchmark{
			Definition: bench.Definition{Name: `<script>alert("x")</script>`, Command: []string{"true"}}, Slug: "hostile", Category: "x", Kind: bench.KindCommand, Trusted: true,
		})
	}})
	if r := s.ask("GET", "/badges/sort-lines.svg", ""); !strings.Contains(string(r.body), "Sort lines: not run yet") {
		t.Errorf("%s %s", r.Status, r.body)
	}
	s.run("?wait=10")
	r := s.ask("GET", "/badges/sort-lines.svg", "")
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(string(r.body), "<title>Sort lines: fast: 1.5ms of 5ms</title>") {
		t.Errorf("%s %v %s", r.Status, r.Header, r.body)
	}
	if r.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || r.Header.Get("Cache-Control") != "public, max-age=60" ||
		!strings.HasPrefix(r.Header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-") {
		t.Errorf("%v", r.Header)
	}
	if again := s.ask("GET", "/badges/sort-lines.svg", "", "If-None-Match: "+r.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("the same badge again: %s", again.Status)
	}
	if head := s.ask("HEAD", "/badges/sort-lines.svg", ""); head.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %s", head.Status)
	}
	if r := s.ask("GET", "/badges/hostile.svg", ""); strings.Contains(string(r.body), "<script>") || !strings.Contains(string(r.body), "&lt;script&gt;") {
		t.Errorf("%s", r.body)
	}
	for _, path := range []string{"/badges/sort-lines", "/badges/none.svg", "/badges/.svg", "/badges/" + strings.Repeat("x", 5000) + ".svg"} {
		s.isProblem(s.ask("GET", path, ""), http.StatusNotFound, bench.CodeNotFound, "")
	}
}

func TestBadgeWords(t *testing.T) {
	of := func(v bench.Verdict) *bench.Run { return &bench.Run{Verdict: &v, TargetOn: bench.OnMedian} }
	memory, unsure, target := of(bench.OK), bench.Unsure, 64e6
	memory.TargetOn, memory.Rating, memory.Target, memory.Rated = bench.OnMemory, &unsure, &target, &bench.Figure{Value: 63.94e6}
	for want, run := range map[string]*bench.Run{
		"oom": of(bench.OOM), "pids limit": of(bench.PidsLimit), "cancelled": of(bench.Cancelled), "ok": of(bench.OK),
		"unsure: 63.9MB of 64MB": memory,
	} {
		if got, _ := badgeWords(run); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for want, ms := range map[string]float64{"186µs": 0.18613, "1.23s": 1234.5, "12.3ms": 12.34, "740ns": 0.00074, "0s": 0, "2m0s": 120e3} {
		if got := figureText(bench.OnMedian, ms); got != want {
			t.Errorf("%v ms is %q, want %q", ms, got, want)
		}
	}
}

func TestSparklinesMarkWhereTheLevelChanges(t *testing.T) {
	s := open(t, choices{idle: true, change: func(c *Config) { c.History = course{} }})
	r := s.ask("GET", "/api/v1/benchmarks/sort-lines/sparkline.svg?run=01A", "")
	body := string(r.body)
	if r.StatusCode != http.StatusOK || !strings.Contains(body, "3 runs, the last ") || !strings.Contains(body, `class="change"`) || !strings.Contains(body, `class="target"`) {
		t.Errorf("%s %s", r.Status, body)
	}
	if again := s.ask("GET", "/api/v1/benchmarks/sort-lines/sparkline.svg", "", "If-None-Match: "+r.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("%s", again.Status)
	}
	if r := s.ask("GET", "/api/v1/benchmarks/unit-tests/sparkline.svg", ""); r.StatusCode != http.StatusOK || !strings.Contains(string(r.body), "no runs yet") {
		t.Errorf("without a history: %s %s", r.Status, r.body)
	}
	s.isProblem(s.ask("GET", "/api/v1/benchmarks/none/sparkline.svg", ""), http.StatusNotFound, bench.CodeNotFound, "")
}
