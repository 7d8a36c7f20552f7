package report

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

func ptr[T any](v T) *T { return &v }

// finished is the run with a value in every field that the words freeze.
func finished(t *testing.T) *bench.Run {
	t.Helper()
	text, err := os.ReadFile("../bench/testdata/finished.json")
	if err != nil {
		t.Fatal(err)
	}
	var run bench.Run
	if err := json.Unmarshal(text, &run); err != nil {
		t.Fatal(err)
	}
	run.Time.N = 2
	return &run
}

func TestRunWithItsSamples(t *testing.T) {
	run := finished(t)
	r := FromRun(run, []bench.Sample{
		{Warmup: true, Wall: 99, CPU: ptr(99.0)},
		{Wall: 5, CPU: ptr(4900.0), MaxRSS: ptr[int64](1 << 20), ExitCode: ptr(0)},
		{Index: 1, Wall: 6, ExitCode: ptr(0)},
		{Index: 2, Wall: 10_000, CPU: ptr(7.0), ExitCode: ptr(3)}, // the one that failed
	})
	for name, want := range map[string]Metric{
		"time":          {Unit: "ms", Better: Lower, Samples: []float64{5, 6}},
		"cpu":           {Unit: "us", Better: Lower, Samples: []float64{4900, 7}},
		"maxRSS":        {Unit: "B", Better: Lower, Samples: []float64{1 << 20}},
		"exitCode":      {Samples: []float64{0, 0, 3}},
		"treePeak":      {Unit: "B", Better: Lower},
		"tree.pidsPeak": {},
	} {
		m := find(t, r, run.Benchmark, name)
		if m.Unit != want.Unit || m.Better != want.Better || !slices.Equal(m.Samples, want.Samples) {
			t.Errorf("%s: %+v", name, m)
		}
	}
	if m := find(t, r, run.Benchmark, "time"); m.Stats["median"] != 6 || m.Stats["ciHigh"] != 6.2 {
		t.Errorf("statistics: %v", m.Stats)
	}
	if len(r.Failures) != 1 || !strings.HasPrefix(r.Failures[0].Message, "timeout: ") {
		t.Errorf("failures: %+v", r.Failures)
	}
	if l := r.Results[0].Labels; l["machine"] == "" || l["isolation"] != "process" || r.Context["run"] != run.ID || r.Context["verdict"] != "timeout" {
		t.Errorf("labels %v, context %v", l, r.Context)
	}
	if again := parse(t, write(t, r, JSON), ""); !reflect.DeepEqual(again, r) {
		t.Error("not the same after JSON")
	}
	for _, format := range []string{CSV, Markdown, Benchfmt} {
		if text := write(t, r, format); text == "" {
			t.Errorf("nothing as %s", format)
		}
	}
	if text := write(t, r, Benchfmt); !strings.Contains(text, " 1 0.005 time-sec 0.0049 cpu-sec 1.048576e+06 maxRSS-B 0 exitCode") {
		t.Errorf("benchfmt:\n%s", text)
	}
}

// Of what was not measured there is no figure, and no zero.
func TestRunThatNeverStarted(t *testing.T) {
	run := &bench.Run{ID: "01X", Benchmark: "x", Slug: "x", State: bench.Finished, Verdict: ptr(bench.StartFailed)}
	r := FromRun(run, nil)
	if len(r.Results) != 0 || len(r.Failures) != 1 {
		t.Errorf("got %+v", r)
	}
	if again := parse(t, write(t, r, JSON), ""); !reflect.DeepEqual(again, r) {
		t.Errorf("not the same after JSON: %+v", again)
	}
}
