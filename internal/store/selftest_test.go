package store

import (
	"reflect"
	"testing"
	"time"

	"benchcell/internal/bench"
)

// The last self-test is kept, and only that.
func TestSelfTest(t *testing.T) {
	s := openIn(t, Options{})
	if none, err := s.SelfTest(t.Context()); err != nil || none.StartedAt != nil || none.Cases == nil || len(none.Cases) > 0 {
		t.Errorf("before the first: %+v, %v", none, err)
	}
	at := time.Now().UTC()
	for _, reason := range []string{"first", "second"} {
		want := &bench.SelfTest{Version: "v", Machine: "m", StartedAt: &at, FinishedAt: &at, Cases: []bench.SelfTestCase{
			{Case: "fork-bomb", Backend: "container", Result: bench.Failed, Reason: reason},
		}}
		if err := s.SaveSelfTest(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		if got, err := s.SelfTest(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("stored %+v, got %+v, %v", want, got, err)
		}
	}
}
