package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"testing"
	"time"

	"benchcell/internal/bench"
)

// What a self-test has found is handed in at the operator's door alone, and shown
// to whoever may read.
func TestTheSelfTestIsShown(t *testing.T) {
	s := open(t, choices{idle: true, operator: true})
	var got bench.SelfTest
	s.into(&got, http.StatusOK, s.ask("GET", SelfTestPath, ""))
	if got.StartedAt != nil || got.Cases == nil || len(got.Cases) > 0 {
		t.Errorf("before any was run: %+v", got)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	want := bench.SelfTest{Version: "v", Machine: "m", StartedAt: &at, FinishedAt: &at, Cases: []bench.SelfTestCase{
		{Case: "fork-bomb", Backend: "container", Result: bench.Passed, Reason: "it ended pids_limit"},
		{Case: "network", Backend: "process", Result: bench.NotApplicable, Reason: "not promised"},
	}}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if r := s.ask("PUT", SelfTestPath, string(text)); r.StatusCode != http.StatusNoContent {
		t.Fatalf("%s %s", r.Status, r.body)
	}
	s.into(&got, http.StatusOK, s.ask("GET", SelfTestPath, ""))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	for body, mention := range map[string]string{
		`{}`: "version", `{"version":"v","machine":"m","startedAt":null,"finishedAt":null,"cases":[{"case":"x","backend":"y","result":"pass","reason":""}]}`: "body.cases[0].backend",
	} {
		s.isProblem(s.ask("PUT", SelfTestPath, body), unprocessable, invalid, mention)
	}
}

func TestThePublicDoorTakesNoSelfTest(t *testing.T) {
	s := open(t, choices{idle: true})
	s.isProblem(s.ask("PUT", SelfTestPath, `{}`), http.StatusMethodNotAllowed, "method_not_allowed", "does not take PUT")
	var got bench.SelfTest
	if s.into(&got, http.StatusOK, s.ask("GET", SelfTestPath, "")); got.StartedAt != nil {
		t.Errorf("it was taken: %+v", got)
	}
}
