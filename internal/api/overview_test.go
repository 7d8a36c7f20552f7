package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"testing"

	"benchcell/internal/bench"
)

// isWithin says where a small document differs from a large one that has more.
func isWithin(t *testing.T, where string, small, large any) {
	t.Helper()
	fields, ok := small.(map[string]any)
	if !ok {
		if fmt.Sprint(small) != fmt.Sprint(large) {
			t.Errorf("%s is %v, and %v in the whole", where, small, large)
		}
		return
	}
	for name, value := range fields {
		isWithin(t, where+"."+name, value, at(large, name))
	}
}

func TestTheOverviewSaysOfBenchmarksWhatTheListDoes(t *testing.T) {
	s := open(t, choices{work: func(ctx context.Context, live *Live, run *bench.Run) *bench.Measurement {
		if run.Slug == "unit-tests" {
			return &bench.Measurement{Verdict: bench.NonzeroExit}
		}
		return succeed(ctx, live, run)
	}})
	s.run("?wait=60")
	s.ask("POST", "/api/v1/runs?wait=60", `{"benchmark":"unit-tests"}`)
	list := at(decoded(t, s.ask("GET", "/api/v1/benchmarks", "").body), "benchmarks").([]any)
	rows := at(decoded(t, s.ask("GET", "/api/v1/overview", "").body), "rows").([]any)
	outlines := at(decoded(t, s.ask("GET", "/api/v1/outlines", "").body), "outlines").([]any)
	if len(rows) != len(list) || len(outlines) != len(list) {
		t.Fatalf("%d benchmarks, %d rows, %d outlines", len(list), len(rows), len(outlines))
	}
	for i, whole := range list {
		row := rows[i].(map[string]any)
		ended, verdict := row["ended"], at(whole, "latest", "verdict")
		if (ended == nil) != (verdict == nil || verdict == "ok") {
			t.Errorf("row %d: verdict %v, ended %v", i, verdict, ended)
		}
		if ended != nil {
			isWithin(t, "ended", ended, at(whole, "latest"))
		}
		delete(row, "ended")
		delete(row, "recent") // is rounded
		isWithin(t, "row", row, whole)
		isWithin(t, "outline", outlines[i], whole)
	}
}

func TestRecentMediansAreAsFineAsTheyAreDrawn(t *testing.T) {
	for _, c := range []struct{ values, want []float64 }{
		{nil, []float64{}},
		{[]float64{0.32534190833025933}, []float64{0.3253}},
		{[]float64{0, 0}, []float64{0, 0}},
		{[]float64{0.512345, 5000.6789}, []float64{0.5123, 5001}},
		{[]float64{100.00011111, 100.00031111}, []float64{100.000111, 100.000311}},
		{[]float64{0.0000001234567, 0.0000002}, []float64{0.0000001235, 0.0000002}},
	} {
		if got := drawn(c.values); !slices.Equal(got, c.want) {
			t.Errorf("%v is drawn as %v and not %v", c.values, got, c.want)
		}
	}
	for v := 1e-9; v < 1e9; v *= 1.37 {
		for _, span := range []float64{v / 1e6, v, v * 1e6} {
			if off := math.Abs(rounded(v, span) - v); off > min(span/200, v/2000)*1.0001 {
				t.Errorf("%v of a span of %v is %v off", v, span, off)
			}
		}
	}
}

func TestTheOverviewIsThereBeforeAnyRun(t *testing.T) {
	s := open(t, choices{idle: true})
	var overview Overview
	s.into(&overview, http.StatusOK, s.ask("GET", "/api/v1/overview", ""))
	if first := overview.Rows[0]; first.Latest != nil || first.Recent == nil || first.RecentChanges == nil {
		t.Errorf("it begins with %+v", first)
	}
}

func TestSidesAreTheNewestOKRunsOfEachIsolation(t *testing.T) {
	wall := 0.0
	s := open(t, choices{work: func(_ context.Context, _ *Live, run *bench.Run) *bench.Measurement {
		wall++
		m := &bench.Measurement{Verdict: bench.OK, Effective: &run.Isolation.Requested, Samples: []bench.Sample{{Wall: wall}}}
		if run.Slug == "unit-tests" {
			m.Verdict = bench.NonzeroExit
		}
		return m
	}})
	for _, isolation := range []string{"process", "container", "process"} {
		s.ask("POST", "/api/v1/runs?wait=60", `{"benchmark":"sort-lines","isolation":"`+isolation+`"}`)
	}
	s.ask("POST", "/api/v1/runs?wait=60", `{"benchmark":"unit-tests"}`)
	var list SideList
	s.into(&list, http.StatusOK, s.ask("GET", "/api/v1/sides", ""))
	var got []string
	for _, side := range list.Sides {
		got = append(got, fmt.Sprintf("%s %s %v", side.Slug, side.Isolation, *side.Time.Median))
	}
	if want := []string{"sort-lines process 3", "sort-lines container 2"}; !slices.Equal(got, want) {
		t.Errorf("%q and not %q", got, want)
	}
}
