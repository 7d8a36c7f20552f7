package api

import (
	"net/http"
	"slices"
	"testing"
)

func TestTheOverviewMarksWhereLevelsChange(t *testing.T) {
	s := open(t, choices{})
	changes := func() []int {
		var list BenchmarkList
		s.into(&list, http.StatusOK, s.ask("GET", "/api/v1/benchmarks", ""))
		return list.Benchmarks[0].RecentChanges
	}
	if got := changes(); got == nil || len(got) != 0 {
		t.Errorf("before any run: %v", got)
	}
	for i := range 3 { // a new run has them looked for again
		s.run("?wait=60")
		want := []int{}
		if i == 2 {
			want = []int{2}
		}
		for range 2 {
			if got := changes(); !slices.Equal(got, want) {
				t.Errorf("after %d runs: %v", i+1, got)
			}
		}
	}
}
