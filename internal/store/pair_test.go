package store

import (
	"slices"
	"testing"

	"benchcell/internal/bench"
)

func TestPairsAreListedByPages(t *testing.T) {
	s := openIn(t, Options{})
	for _, ids := range [][2]string{{"a1", "b1"}, {"a2", "b2"}, {"a3", "b3"}} {
		both := []bench.Submission{submission(ids[0], "x"), submission(ids[1], "y")}
		bench.PairRuns(&both[0].Run, &both[1].Run)
		if err := s.Submit(t.Context(), both, nil); err != nil {
			t.Fatal(err)
		}
		submit(t, s, "alone "+ids[0])
	}
	finish(t, s, "a3", bench.OK, nil)
	var found []string
	for cursor, pages := "", 0; ; pages++ {
		pairs, next, err := s.Pairs(t.Context(), cursor, 2)
		if err != nil || pages > 2 {
			t.Fatal(pages, err)
		}
		for _, pair := range pairs {
			found = append(found, pair[0].ID+" "+pair[1].ID)
		}
		if pages == 0 && (pairs[0][0].State != bench.Finished || pairs[0][1].State != bench.Queued) {
			t.Errorf("as they were when they were queued: %s, %s", pairs[0][0].State, pairs[0][1].State)
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	if !slices.Equal(found, []string{"a3 b3", "a2 b2", "a1 b1"}) {
		t.Errorf("found %q", found)
	}
	if _, _, err := s.Pairs(t.Context(), "x", 2); bench.CodeOf(err) != bench.CodeInvalid {
		t.Errorf("a cursor that is none: %v", err)
	}
}
