package api

import (
	"cmp"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"benchcell/internal/bench"
)

func TestDashboard(t *testing.T) {
	s := open(t, choices{idle: true})
	page := string(files["index.html"].Data)
	for path, want := range map[string]struct{ body, contentType, cache string }{
		"/":                        {page, "text/html; charset=utf-8", "no-cache"},
		"/index.html":              {page, "text/html; charset=utf-8", "no-cache"},
		"/runs/01ABC":              {page, "text/html; charset=utf-8", "no-cache"},
		"/runs/01ABC/":             {page, "text/html; charset=utf-8", "no-cache"},
		"/benchmarks/x?tab=trend":  {page, "text/html; charset=utf-8", "no-cache"},
		"/assets":                  {page, "text/html; charset=utf-8", "no-cache"},
		"/..%2f..%2fetc/passwd":    {page, "text/html; charset=utf-8", "no-cache"},
		"/%00":                     {page, "text/html; charset=utf-8", "no-cache"},
		"/assets/app-1a2b.js":      {string(files["assets/app-1a2b.js"].Data), "application/javascript", "public, max-age=31536000, immutable"},
		"/x/../assets/app-1a2b.js": {string(files["assets/app-1a2b.js"].Data), "application/javascript", "public, max-age=31536000, immutable"},
		"/favicon.svg":             {string(files["favicon.svg"].Data), "image/svg+xml", ""},
	} {
		r := s.ask("GET", path, "")
		if r.StatusCode != http.StatusOK || string(r.body) != want.body || r.Header.Get("Content-Type") != want.contentType || r.Header.Get("Cache-Control") != want.cache {
			t.Errorf("%s: %s %q %v", path, r.Status, r.body, r.Header)
		}
		if head := s.ask("HEAD", path, ""); head.StatusCode != http.StatusOK || len(head.body) != 0 || head.Header.Get("Content-Type") != want.contentType {
			t.Errorf("HEAD %s: %s %q", path, head.Status, head.body)
		}
	}
	for accepted, coding := range map[string]string{
		"gzip": "gzip", "gzip, deflate, br, zstd": "br", "br;q=0, gzip;q=0.5": "gzip", "BR; q=0.1": "br", "gzip;q=0": "", "vibrant": "", "br;q=x": "", "identity": "",
	} {
		want := cmp.Or(coding, string(files["assets/big-3c4d.js"].Data))
		r := s.ask("GET", "/assets/big-3c4d.js", "", "Accept-Encoding: "+accepted)
		if string(r.body) != want || r.Header.Get("Content-Encoding") != coding || r.Header.Get("Vary") == "" {
			t.Errorf("%s: %q %v", accepted, r.body, r.Header)
		}
	}
	s.isProblem(s.ask("GET", "/assets/app-of-another-version.js", ""), http.StatusNotFound, bench.CodeNotFound, "")
	r := s.ask("POST", "/", "{}")
	if s.isProblem(r, http.StatusMethodNotAllowed, "method_not_allowed", "POST"); r.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("Allow is %q", r.Header.Get("Allow"))
	}
	if r := s.ask("GET", "/favicon.svg", "", "Range: bytes=9999-"); r.StatusCode != http.StatusOK {
		t.Errorf("a range that is none: %s %s", r.Status, r.Header.Get("Content-Type"))
	}
}

func TestWithoutADashboardTheApiWorksAndThePageSaysWhatIsMissing(t *testing.T) {
	s := open(t, choices{idle: true, change: func(c *Config) { c.Static = fstest.MapFS{"README.md": {}} }})
	s.isProblem(s.ask("GET", "/", ""), http.StatusNotFound, bench.CodeNotFound, "make build")
	s.run("")
}

func TestMetrics(t *testing.T) {
	s := open(t, choices{idle: true})
	m := NewMetrics(s.store.Counts)
	s.run("")
	process, rss, user, system, total, median := bench.Process, int64(2<<20), int64(1_500_000), int64(500_000), 250.0, 2.0
	for _, run := range []bench.Run{
		{
			Slug: "sort-lines", Trusted: true, Verdict: ptr(bench.OK), Isolation: bench.RunIsolation{Requested: bench.Container, Effective: &process}, Time: bench.Time{Median: &median},
			ResourceUsage: bench.ResourceUsage{MaxRSS: &rss, CPUTime: bench.CPUTime{User: &user, System: &system}, ExecutionTime: &total},
		},
		{Slug: "sort-lines", Trusted: true, Verdict: ptr(bench.Timeout), Isolation: bench.RunIsolation{Requested: bench.Process}},
		{Slug: "a-strangers-1", Verdict: ptr(bench.OOM), Isolation: bench.RunIsolation{Requested: bench.Container}},
		{Slug: "a-strangers-2", Verdict: ptr(bench.OOM), Isolation: bench.RunIsolation{Requested: bench.Container}},
	} {
		m.Record(&run)
	}
	s = open(t, choices{idle: true, change: func(c *Config) { c.Metrics = m.Handler() }})
	text := string(s.ask("GET", "/metrics", "").body)
	for _, line := range []string{
		`benchcell_runs_total{benchmark="sort-lines",isolation="process",verdict="ok"} 1`,
		`benchcell_runs_total{benchmark="sort-lines",isolation="process",verdict="timeout"} 1`,
		`benchcell_runs_total{benchmark="submitted",isolation="container",verdict="oom"} 2`,
		`benchcell_median_seconds{benchmark="sort-lines",isolation="process"} 0.002`,
		`benchcell_max_rss_bytes{benchmark="sort-lines",isolation="process"} 2.097152e+06`,
		`benchcell_cpu_seconds_total{benchmark="sort-lines",isolation="process"} 2`,
		`benchcell_run_seconds_sum{isolation="process"} 0.25`,
		`benchcell_runs{state="queued"} 1`,
		`benchcell_runs{state="running"} 0`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("%s is missing", line)
		}
	}
	if strings.Contains(text, "strangers") {
		t.Error("a stranger's name became a label")
	}
}

func ptr[T any](v T) *T { return &v }
