package report

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

func FuzzGo(f *testing.F)        { fuzz(f, Go) }
func FuzzGoogle(f *testing.F)    { fuzz(f, Google) }
func FuzzHyperfine(f *testing.F) { fuzz(f, Hyperfine) }
func FuzzPytest(f *testing.F)    { fuzz(f, Pytest) }
func FuzzBenchcell(f *testing.F) { fuzz(f, Benchcell) }

// FuzzDetect looks for what makes the telling of formats fail.
func FuzzDetect(f *testing.F) { fuzz(f, "") }

// fuzz starts from the files that the tools wrote.
func fuzz(f *testing.F, format string) {
	f.Helper()
	for file, of := range files {
		if of == format || format == "" {
			f.Add(read(f, file))
		}
	}
	for _, r := range refusals {
		if (r.format == format || format == "") && len(r.text) < 1000 {
			f.Add([]byte(r.text))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse(bytes.NewReader(text), format)
		if err != nil {
			if r != nil || bench.CodeOf(err) != bench.CodeInvalid || len(err.Error()) > 10_000 {
				t.Fatalf("%v beside the error %v", r, err)
			}
			return
		}
		holds(t, r)
	})
}

// holds says of whatever was read that it can be written, and is the same in
// the format that holds everything.
func holds(t *testing.T, r *Report) {
	t.Helper()
	if again := parse(t, write(t, r, JSON), Benchcell); !reflect.DeepEqual(again, r) {
		t.Fatalf("not the same after JSON:\n%+v\n%+v", r, again)
	}
	for _, result := range r.Results {
		for _, m := range result.Metrics {
			if m.Name == "" || len(m.Samples)+len(m.Stats) == 0 {
				t.Fatalf("an empty metric: %+v", result)
			}
		}
	}
	if _, err := csv.NewReader(strings.NewReader(write(t, r, CSV))).ReadAll(); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(write(t, r, Markdown)) {
		if strings.HasPrefix(line, "|") && strings.Count(line, "|") != 6 {
			t.Fatalf("a row of other cells: %q", line)
		}
	}
	text := write(t, r, Benchfmt)
	if !strings.Contains("\n"+text, "\nBenchmark") {
		return // statistics only, of which the format has no word
	}
	_, err := Parse(strings.NewReader(text), Go)
	if err != nil && !strings.Contains(err.Error(), "bytes") { // escapes make names longer
		t.Fatalf("%v in what was written:\n%s", err, text)
	}
}
