package report

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

func write(t testing.TB, r *Report, format string) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJSONHoldsEverything(t *testing.T) {
	for file := range files {
		r := parse(t, string(read(t, file)), "")
		if again := parse(t, write(t, r, JSON), ""); !reflect.DeepEqual(again, r) {
			t.Errorf("%s is not the same after JSON", file)
		}
	}
}

// benchstat itself says whether anything was lost of a Go run.
func TestBenchstatSeesTheSame(t *testing.T) {
	dir := t.TempDir()
	for name, original := range map[string]string{
		"one":   string(read(t, "go.txt")),
		"units": "Unit widgets/op assume=exact better=higher\n" + strings.ReplaceAll(string(read(t, "go.txt")), "words/op", "widgets/op"),
		"packages": string(read(t, "go.txt")) + strings.ReplaceAll(string(read(t, "go.txt")), "example.org/words", "example.org/other") +
			"tags: a b:\tc\nBenchmarkX%20/50% 1 0 ns/op\n",
	} {
		t.Run(name, func(t *testing.T) {
			r := parse(t, original, "")
			want := benchstat(t, dir, original)
			if got := benchstat(t, dir, write(t, r, Benchfmt)); got != want {
				t.Errorf("benchstat prints\n%s\nfor the original\n%s", got, want)
			}
			ours := parse(t, write(t, r, JSON), "")
			if got := benchstat(t, dir, write(t, ours, Benchfmt)); got != want {
				t.Errorf("after JSON benchstat prints\n%s\nfor the original\n%s", got, want)
			}
		})
	}
}

// benchstat prints what go.mod's version of it does.
func benchstat(t *testing.T, dir, text string) string {
	t.Helper()
	file := filepath.Join(dir, "run.txt")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var stderr strings.Builder
	cmd := exec.CommandContext(t.Context(), "go", "tool", "benchstat", "run="+file)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || len(out) == 0 {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	return string(out) + stderr.String()
}

// What other tools wrote is compared by benchstat as well, without a warning.
func TestBenchstatReadsOtherTools(t *testing.T) {
	for file, want := range map[string][]string{
		"hyperfine.json":  {"time-sec", "Seq%201/n=1", "False/n=2"},
		"google.json":     {"real_time-sec", "Sum/64", "bytes_per_second-B/s", "B/s"},
		"pytest.json":     {"time-sec", "test_sort.py::test_sort[10]"},
		"hyperfine2.json": {"time_wall_clock-sec", "instructions"},
	} {
		out := benchstat(t, t.TempDir(), write(t, parse(t, string(read(t, file)), ""), Benchfmt))
		for _, w := range want {
			if !strings.Contains(strings.ToLower(out), strings.ToLower(w)) {
				t.Errorf("%s: no %s in\n%s", file, w, out)
			}
		}
	}
}

func one(name string, labels map[string]string, metrics ...Metric) *Report {
	return &Report{Version: 1, Format: Benchcell, Results: []Result{{Name: name, Labels: labels, Metrics: metrics}}}
}

func TestBenchfmtEscapes(t *testing.T) {
	r := one("a b\n50%20%", map[string]string{"Na me": " x\ny", "na-me": "z", "1": "2", "none": ""},
		newMetric("time", "ms", 1, 2), newMetric("time-sec", "", 3), newMetric("iterations", "", 7), newMetric("a b", "x y", 4))
	r.Results[0].Metrics[3].Better = Higher
	want := `Unit a%20b-x%20y better=higher
Unit time-sec better=lower
x-1: 2
na-me: %20x%0Ay
na-me-2: z

Benchmarka%20b%0A50%2520% 7 0.001 time-sec 3 time-sec-2 4 a%20b-x%20y
Benchmarka%20b%0A50%2520% 1 0.002 time-sec
`
	// time-sec of the second metric has no direction, so none is told.
	want = strings.Replace(want, "Unit time-sec better=lower\n", "", 1)
	if got := write(t, r, Benchfmt); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A label goes into the name where it tells two results apart, and only there.
func TestBenchfmtNamesWhatDiffers(t *testing.T) {
	r := one("x", map[string]string{"os": "linux"}, newMetric("n", "", 1))
	r.Results = append(r.Results, Result{Name: "x", Labels: map[string]string{"os": "linux", "mode": "a/b"}, Metrics: r.Results[0].Metrics})
	if got, want := write(t, r, Benchfmt), "os: linux\n\nBenchmarkx 1 1 n\nBenchmarkx/mode=a%2Fb 1 1 n\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	r.Results[1].Name = "y"
	if got := write(t, r, Benchfmt); !strings.HasSuffix(got, "Benchmarky 1 1 n\n") {
		t.Errorf("got %q", got)
	}
}

func TestBenchfmtOfStatistics(t *testing.T) {
	median := Metric{Name: "time", Unit: "s", Better: Lower, Stats: map[string]float64{"median": 2, "mean": 3}}
	rms := Metric{Name: "rms", Stats: map[string]float64{"RMS": 1}}
	if got := write(t, one("x", nil, median, rms), Benchfmt); !strings.HasSuffix(got, "Benchmarkx 1 2 time-sec\n") {
		t.Errorf("got %q", got)
	}
	if got := write(t, one("x", nil, rms), Benchfmt); got != "" {
		t.Errorf("a line without a figure: %q", got)
	}
}

func TestCSVIsNoFormula(t *testing.T) {
	names := []string{"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "'quoted", "\t=1", "\r\n=1", "＝1", `a"b,c`, "plain"}
	for _, name := range names {
		r := one(name, map[string]string{name: name}, Metric{Name: name, Unit: name, Samples: []float64{-1.5}, Stats: map[string]float64{name: 1e300}})
		r.Failures = []Failure{{name, name}}
		text := write(t, r, CSV)
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(rows) != 4 || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
			t.Fatalf("%q: %v, %q", name, err, text)
		}
		for _, row := range rows {
			for i, cell := range row {
				if i == 7 {
					if _, err := strconv.ParseFloat(cell, 64); err == nil {
						continue
					}
				}
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
					t.Errorf("%q makes the cell %q", name, cell)
				}
			}
		}
	}
	if rows, _ := csv.NewReader(strings.NewReader(write(t, one("'=x", nil, newMetric("m", "", 1)), CSV))).ReadAll(); rows[1][0] != "''=x" {
		t.Errorf("an apostrophe of its own: %q", rows[1][0])
	}
}

func TestCSVHasEverySample(t *testing.T) {
	r := parse(t, string(read(t, "hyperfine.json")), "")
	rows, err := csv.NewReader(strings.NewReader(write(t, r, CSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := 1
	for _, result := range r.Results {
		for _, m := range result.Metrics {
			want += len(m.Samples) + len(m.Stats)
		}
	}
	if len(rows) != want {
		t.Errorf("%d rows, want %d", len(rows), want)
	}
	i := slices.IndexFunc(rows, func(row []string) bool { return row[2] == "time" && row[6] == "1" })
	if row := rows[i]; row[0] != "seq 1" || row[1] != `{"n":"1"}` || row[3] != "s" || row[4] != Lower || row[5] != "sample" || row[7] != "0.0026907600000000004" {
		t.Errorf("row %q", row)
	}
}

func TestMarkdownIsInert(t *testing.T) {
	r := one("@someone `|` <img src=x>", nil, newMetric("time|", "s*", 1, 2, 3))
	r.Results = append(r.Results, Result{Name: "@x <b>\x1b[2J\n| a", Metrics: []Metric{newMetric("t", "ms", 1500, 1600, 1700, 1800, 1900, 2000)}})
	r.Failures = []Failure{{"x`y", "<script>"}}
	want := `| Benchmark | Metric | Median | 95 % interval | Samples |
|---|---|--:|--:|--:|
| <code>&#64;someone &#96;&#124;&#96; &#60;img src&#61;x&#62;</code> | <code>time&#124;</code> | 2.000 s&#42; | – | 3 |
| <code>&#64;x &#60;b&#62;&#92;u001b&#91;2J&#92;u000a&#124; a</code> | ` + "`t`" + ` | 1.750 s | 1.500 s to 2.000 s | 6 |

Failed:

- <code>x&#96;y</code>: ` + "`<script>`" + `
`
	if got := write(t, r, Markdown); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestMarkdownTellsResultsApart(t *testing.T) {
	text := write(t, parse(t, string(read(t, "hyperfine.json")), ""), Markdown)
	for _, want := range []string{"| `false (n=1)` | `time` |", "| `false (n=2)` | `exit_code` | 1.000 | 1.000 to 1.000 | 6 |", " (mean) | – | 0 |"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestWriteRefusesOtherFormats(t *testing.T) {
	err := Write(&bytes.Buffer{}, "pdf", &Report{})
	if bench.CodeOf(err) != bench.CodeInvalid || !strings.Contains(err.Error(), `"pdf" is not one of json, csv, markdown, benchfmt, html`) {
		t.Errorf("got %v", err)
	}
	for _, format := range Outputs { // nothing but a failure
		write(t, &Report{Version: 1, Failures: []Failure{{"x", "y"}}}, format)
	}
}
