package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

var update = flag.Bool("update", false, "write the golden files")

// files are what the tools wrote, each with its format.
var files = map[string]string{
	"go.txt": Go, "go-failed.txt": Go, "go-events.json": Go, "google.json": Google, "google-aggregates.json": Google,
	"hyperfine.json": Hyperfine, "hyperfine2.json": Hyperfine,
	"pytest.json": Pytest, "pytest-stats.json": Pytest, "benchcell.json": Benchcell,
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func parse(t testing.TB, text, format string) *Report {
	t.Helper()
	r, err := Parse(strings.NewReader(text), format)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What is made of each file is frozen: whoever stores results relies on it.
func TestFilesOfTools(t *testing.T) {
	for file, format := range files {
		t.Run(file, func(t *testing.T) {
			r := parse(t, string(read(t, file)), "")
			if r.Format != format {
				t.Errorf("taken for %s", r.Format)
			}
			got, err := json.MarshalIndent(r, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "golden", strings.TrimSuffix(file, filepath.Ext(file))+".json")
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(append(got, '\n'), want) {
				t.Errorf("not as in %s: write it with -update if that is right", golden)
			}
		})
	}
}

// find is a metric of a result, by their names.
func find(t *testing.T, r *Report, result, metric string) Metric {
	t.Helper()
	for _, x := range r.Results {
		i := slices.IndexFunc(x.Metrics, func(m Metric) bool { return m.Name == metric })
		if x.Name == result && i >= 0 {
			return x.Metrics[i]
		}
	}
	t.Fatalf("no %s of %s", metric, result)
	return Metric{}
}

// Every unit of a Go benchmark, -benchmem and its own metrics among them, with
// the repetitions of -count as samples.
func TestGoKeepsEveryUnit(t *testing.T) {
	r := parse(t, string(read(t, "go.txt")), Go)
	if len(r.Results) != 3 {
		t.Fatalf("%d results: the repetitions are no results", len(r.Results))
	}
	for metric, better := range map[string]string{
		"iterations": "", "ns/op": Lower, "MB/s": Higher, "B/op": Lower, "allocs/op": Lower,
	} {
		m := find(t, r, "Repeat/n=1000-2", metric)
		if len(m.Samples) != 6 || m.Better != better {
			t.Errorf("%s: %v, better %q", metric, m.Samples, m.Better)
		}
	}
	if m := find(t, r, "Fields-2", "words/op"); !slices.Equal(m.Samples, []float64{6, 6, 6, 6, 6, 6}) || m.Better != "" {
		t.Errorf("the custom metric: %+v", m)
	}
	if m := find(t, r, "Repeat/n=10-2", "ns/op"); m.Samples[0] != 51.08 {
		t.Errorf("a figure was changed: %v", m.Samples)
	}
	want := map[string]string{"goos": "linux", "goarch": "amd64", "pkg": "example.org/words", "cpu": "AMD EPYC"}
	if !reflect.DeepEqual(r.Results[2].Labels, want) {
		t.Errorf("labels %v", r.Results[2].Labels)
	}
}

func TestOneNameInTwoPackagesIsTwoBenchmarks(t *testing.T) {
	r := parse(t, "pkg: a\nBenchmarkX 1 2 ns/op\npkg: b\nBenchmarkX 1 3 ns/op\npkg: a\nBenchmarkX 1 4 ns/op\n", Go)
	if len(r.Results) != 2 || !slices.Equal(r.Results[0].Metrics[1].Samples, []float64{2, 4}) {
		t.Errorf("got %+v", r.Results)
	}
}

func TestGoUnitLinesAndMetricNamedAsOurs(t *testing.T) {
	r := parse(t, "Unit hits/op better=higher assume=exact\nBenchmarkX 7 5 iterations 2 hits/op\n", Go)
	hits := find(t, r, "X", "hits/op")
	if hits.Better != Higher || hits.Notes["assume"] != "exact" {
		t.Errorf("got %+v", hits)
	}
	if m := r.Results[0].Metrics; len(m) != 3 || m[0].Samples[0] != 7 || m[1].Samples[0] != 5 {
		t.Errorf("got %+v", m)
	}
}

// What go test prints between the results is no result, and no mistake.
func TestGoPassesOverOtherLines(t *testing.T) {
	r := parse(t, "Benchmarking the parser\n=== RUN BenchmarkX\nBenchmarkX\n    x_test.go:3: log\nBenchmarkX-2 1 2 ns/op\r\nPASS", Go)
	if len(r.Results) != 1 || r.Results[0].Name != "X-2" || len(r.Failures) != 0 {
		t.Errorf("got %+v", r)
	}
	r = parse(t, "BenchmarkX \t--- FAIL: BenchmarkX\nFAIL\tp [build failed]\nFAIL\n", Go)
	want := []Failure{{"X", "BenchmarkX --- FAIL: BenchmarkX"}, {"p [build failed]", "FAIL p [build failed]"}}
	if len(r.Results) != 0 || !reflect.DeepEqual(r.Failures, want) {
		t.Errorf("got %+v", r)
	}
}

// Repetitions are samples, what Google Benchmark computed of them is not.
func TestGoogleSamplesAndStatistics(t *testing.T) {
	r := parse(t, string(read(t, "google.json")), "")
	m := find(t, r, "BM_Append/64", "real_time")
	if m.Unit != "us" || len(m.Samples) != 3 || m.Stats["n"] != 3 || m.Stats["median"] == 0 || m.Stats["cv"] == 0 {
		t.Errorf("got %+v", m)
	}
	if m := find(t, r, "BM_Sum/64", "length"); !slices.Equal(m.Samples, []float64{64, 64, 64}) {
		t.Errorf("the counter: %+v", m)
	}
	if m := find(t, r, "BM_Append", "rms"); len(m.Stats) != 1 || len(m.Samples) != 0 {
		t.Errorf("the complexity: %+v", m)
	}
	if len(r.Failures) != 3 || r.Failures[0] != (Failure{"BM_Refused", "the input is missing"}) {
		t.Errorf("failures: %+v", r.Failures)
	}
	only := find(t, parse(t, string(read(t, "google-aggregates.json")), ""), "BM_Sum/64", "real_time")
	if x, ok := only.Value(); len(only.Samples) != 0 || !ok || x != only.Stats["median"] {
		t.Errorf("of aggregates alone: %+v", only)
	}
}

func TestGoogleKeepsLabelsThatDiffer(t *testing.T) {
	entry := func(n, label string) string {
		return `{"run_name":"a","run_type":"iteration","repetition_index":` + n + `,"iterations":1,"real_time":1,"label":"` + label + `"}`
	}
	r := parse(t, `{"benchmarks":[`+entry("0", "x")+","+entry("1", "y")+","+entry("2", "x")+"]}", "")
	if want := map[string]string{"label": "x", "label.2": "y"}; len(r.Results) != 1 || !reflect.DeepEqual(r.Results[0].Labels, want) {
		t.Errorf("got %+v", r.Results)
	}
}

func TestHyperfineOfBothVersions(t *testing.T) {
	r := parse(t, string(read(t, "hyperfine.json")), "")
	if len(r.Results) != 4 || r.Results[1].Labels["n"] != "1" || r.Results[3].Labels["n"] != "2" {
		t.Errorf("one command with two parameters: %+v", r.Results)
	}
	if m := find(t, r, "false", "exit_code"); len(m.Samples) != 6 || m.Samples[5] != 1 {
		t.Errorf("exit codes: %+v", m)
	}
	memory := `{"results":[{"command":"x","mean":1,"stddev":null,"times":[1],"memory_usage_byte":[4096],"exit_codes":[null],"new":7}]}`
	r = parse(t, memory, "")
	if m := find(t, r, "x", "memory"); m.Unit != "B" || m.Samples[0] != 4096 {
		t.Errorf("memory: %+v", m)
	}
	if m := find(t, r, "x", "new"); m.Samples[0] != 7 {
		t.Errorf("a field that is not known yet: %+v", m)
	}
	if _, ok := find(t, r, "x", "time").Stats["stddev"]; ok || len(r.Results[0].Metrics) != 3 {
		t.Errorf("null became a figure: %+v", r.Results[0])
	}
	r = parse(t, string(read(t, "hyperfine2.json")), "")
	m := find(t, r, "count to 1000", "time_wall_clock")
	if !slices.Equal(m.Samples, []float64{0.0012, 0.0013}) || m.Unit != "s" || m.Stats["count"] != 2 {
		t.Errorf("version 2: %+v", m)
	}
}

func TestPytestSamplesWhereThereAre(t *testing.T) {
	m := find(t, parse(t, string(read(t, "pytest.json")), ""), "test_sort.py::test_sort[1000]", "time")
	if len(m.Samples) != 5 || m.Stats["rounds"] != 5 || m.Notes["outliers"] == "" {
		t.Errorf("got %+v", m)
	}
	r := parse(t, string(read(t, "pytest-stats.json")), "")
	if m := find(t, r, "test_sort.py::test_sum", "time"); len(m.Samples) != 0 || m.Stats["mean"] == 0 {
		t.Errorf("got %+v", m)
	}
	if l := r.Results[1].Labels; l["params.size"] != "10" || l["extra_info.order"] != "falling" || l["group"] != "sort" {
		t.Errorf("labels %v", l)
	}
}

// The order of keys is nobody's promise.
func TestDetectsWhateverComesFirst(t *testing.T) {
	for file, format := range files {
		if format == Go || format == Benchcell { // ours says that it comes first
			continue
		}
		var v map[string]any
		if err := json.Unmarshal(read(t, file), &v); err != nil {
			t.Fatal(err)
		}
		sorted, _ := json.Marshal(v) // by key, on one line
		if r := parse(t, "\xef\xbb\xbf\n "+string(sorted), ""); r.Format != format {
			t.Errorf("%s is taken for %s", file, r.Format)
		}
	}
}

func TestErrorOfTheReaderIsItsOwn(t *testing.T) {
	for _, start := range []string{"", `{"benchcell":1,"results":[`, "BenchmarkX 1 2 ns/op\nBenchmarkY 1"} {
		r, err := Parse(&failing{strings.NewReader(start)}, "")
		if r != nil || err == nil || bench.CodeOf(err) == bench.CodeInvalid {
			t.Errorf("%q: %v", start, err)
		}
	}
}

// failing is a file on a disk that breaks.
type failing struct{ r *strings.Reader }

func (f *failing) Read(p []byte) (int, error) {
	if f.r.Len() == 0 {
		return 0, os.ErrClosed
	}
	return f.r.Read(p)
}
