package api

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

const goReport = "goos: linux\npkg: example\nBenchmarkSum-2 \t 100\t 12.5 ns/op\t 3 B/op\nBenchmarkSum-2 \t 100\t 13.5 ns/op\t 3 B/op\nPASS\n"

func TestAReportGoesInWholeAndComesOutAgain(t *testing.T) {
	s := open(t, choices{idle: true})
	var info bench.ReportInfo
	s.into(&info, http.StatusCreated, s.ask("POST", "/api/v1/reports?name=nightly", goReport, "Content-Type: application/octet-stream"))
	if info.Name != "nightly" || info.Format != "go" || info.Results != 1 || info.Metrics != 3 {
		t.Errorf("stored %+v", info)
	}
	for format, want := range map[string]struct{ mediaType, text string }{
		"json":     {"application/json", `"samples":[12.5,13.5]`},
		"csv":      {"text/csv; charset=utf-8", "B/op"},
		"markdown": {"text/markdown; charset=utf-8", "| `Sum-2` |"},
		"benchfmt": {"text/plain; charset=utf-8", "BenchmarkSum-2"},
		"html":     {"text/html; charset=utf-8", "<h2>Sum-2</h2>"},
	} {
		r := s.ask("GET", "/api/v1/reports/"+info.ID+"?format="+format, "")
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != want.mediaType || !strings.Contains(string(r.body), want.text) {
			t.Errorf("%s: %s %s\n%s", format, r.Status, r.Header.Get("Content-Type"), r.body)
		}
		if !strings.Contains(r.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s may be executed: %v", format, r.Header)
		}
	}
	var list ReportList
	if s.into(&list, http.StatusOK, s.ask("GET", "/api/v1/reports", "")); len(list.Reports) != 1 || list.Reports[0] != info {
		t.Errorf("listed %+v", list)
	}
}

func TestABadReportIsRefusedWithItsPlaceAndNothingIsStored(t *testing.T) {
	s := open(t, choices{idle: true})
	for body, mention := range map[string]string{
		"BenchmarkX 1 zz ns/op\n":     "line 1",
		`{"benchcell":1,"results":[`:  "byte",
		"hello":                       "formats",
		"BenchmarkX 10 -3 ns/op\n":    "line 1",
		"\nBenchmarkX 1 NaN ns/op\n":  "line 2",
		"BenchmarkX 1 +Inf ns/op\n":   "line 1",
		"BenchmarkX 1 2 ns/op\nBench": "line 2",
		"Benchmark" + strings.Repeat("x", 10_000) + " 1 2 ns/op\n": "at most 4096",
		manyMetrics(): "line 50001",
		`{"context":{},"benchmarks":[{"run_name":"a","run_type":"iteration","real_time":-1,"time_unit":"ns"}]}`: "benchmarks[0]",
		`{"Action":"output","Output":"BenchmarkX 1 2 ns/op\n"}` + "\n" + `{"Action":"out` + "\n":                "line 2",
	} {
		s.isProblem(s.ask("POST", "/api/v1/reports", body, "Content-Type: application/octet-stream"), http.StatusUnprocessableEntity, bench.CodeInvalid, mention)
	}
	var list ReportList
	if s.into(&list, http.StatusOK, s.ask("GET", "/api/v1/reports", "")); len(list.Reports) != 0 {
		t.Errorf("listed %+v", list)
	}
	s.isProblem(s.ask("GET", "/api/v1/reports/nope", ""), http.StatusNotFound, bench.CodeNotFound, "nope")
	s.isProblem(s.ask("GET", "/api/v1/runs/nope/report", ""), http.StatusNotFound, bench.CodeNotFound, "nope")
}

// manyMetrics is a file of half a million results.
func manyMetrics() string {
	var file strings.Builder
	for i := range 500_000 {
		fmt.Fprintf(&file, "BenchmarkX%d 1 2 ns/op\n", i)
	}
	return file.String()
}

func TestARunIsWrittenForOtherTools(t *testing.T) {
	s := open(t, choices{})
	run := s.run("?wait=60")
	r := s.ask("GET", "/api/v1/runs/"+run.ID+"/report?format=benchfmt", "")
	if r.StatusCode != http.StatusOK || !strings.Contains(string(r.body), "Benchmark") || !strings.Contains(string(r.body), "0.001 time-sec") {
		t.Errorf("%s\n%s", r.Status, r.body)
	}
}
