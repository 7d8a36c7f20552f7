package report

import (
	"reflect"
	"strings"
	"testing"
)

// The same run is the same report, as text and as events.
func TestEventsOfGoTestAreReadAsItsText(t *testing.T) {
	text, events := parse(t, string(read(t, "go.txt")), ""), parse(t, string(read(t, "go-events.json")), "")
	if len(events.Results) != len(text.Results) || len(events.Results) == 0 {
		t.Fatalf("%d results, as text %d", len(events.Results), len(text.Results))
	}
	for i, e := range events.Results {
		want := text.Results[i]
		if e.Name != want.Name || !reflect.DeepEqual(e.Labels, want.Labels) || len(e.Metrics) != len(want.Metrics) {
			t.Errorf("%s %v %d metrics, as text %s %v %d", e.Name, e.Labels, len(e.Metrics), want.Name, want.Labels, len(want.Metrics))
		}
	}
}

func event(of, output string) string {
	return `{"Time":"2026-01-31T12:00:00Z","Action":"output","Package":"` + of + `","Output":"` + output + `"}` + "\n"
}

// The lines of packages that are tested side by side come in pieces among each
// other, and each result is of its own package.
func TestEventsOfPackagesThatMingle(t *testing.T) {
	r := parse(t, `{"Action":"start","Package":"a"}`+"\n"+
		event("a", `pkg: a\n`)+event("a", `BenchmarkX \t`)+event("b", `pkg: b\n`)+"go: downloading something\n"+
		event("b", `BenchmarkY \t`)+event("a", ` 10\t 1 ns/op\n`)+event("b", ` 10\t 2 ns/op\n`)+
		`{"Action":"pass","Package":"a"}`+"\n", "")
	if len(r.Results) != 2 || r.Format != Go {
		t.Fatalf("%+v", r)
	}
	for i, want := range []struct {
		name, of string
		ns       float64
	}{{"X", "a", 1}, {"Y", "b", 2}} {
		got := r.Results[i]
		if got.Name != want.name || got.Labels["pkg"] != want.of || find(t, r, want.name, "ns/op").Samples[0] != want.ns {
			t.Errorf("%+v", got)
		}
	}
}

// A program may print what looks like JSON, or be it.
func TestWhatIsNoEventIsTheProgramsOwn(t *testing.T) {
	r := parse(t, "{}\n{\"a\":1}\n{ not JSON\nBenchmarkX 1 2 ns/op\n", Go)
	if len(r.Results) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestBadEventsAreRefusedWithTheirLine(t *testing.T) {
	for text, want := range map[string]string{
		event("a", `BenchmarkX 1 2 ns/op\n`) + `{"Action":"output","Pack` + "\n": "line 2: this is no event of go test -json",
		event("a", `BenchmarkX 1 2 ns/op\n`) + `{"Action":"output","Pack`:        "line 2: the file ends within this line",
		event("a", `x\n`) + event("a", `BenchmarkX 1 zz ns/op\n`):                "line 2: parsing measurement",
		event("a", `BenchmarkX 1 2 ns/op\n`) + event("a", `BenchmarkY \t`):       "line 3: the file ends within this line",
		event("a", strings.Repeat("x", 70_000)+`\n`):                             "has more than 65536 bytes",
		event("a", strings.Repeat("x", 500_000)+`\n`):                            "has more than 65536 bytes",
	} {
		if got := refused(t, strings.NewReader(text), Go); !strings.Contains(got, want) {
			t.Errorf("%.200q:\n got %s\nwant %s", text, got, want)
		}
	}
}
