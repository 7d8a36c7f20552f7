package api

import (
	"encoding/json"
	"net/http"
	"testing"

	"benchcell/internal/bench"
)

func TestTheOperatorsDoorTakesTrustedWork(t *testing.T) {
	s := open(t, choices{idle: true, operator: true})
	b := configured()[0]
	b.Dir = "/srv"
	untrusted := b
	untrusted.Trusted, untrusted.Dir = false, ""
	text, err := json.Marshal(OrderRequest{Parallel: 2, Orders: []Order{
		{Benchmark: b, Overrides: bench.Overrides{Timeout: 60_000, Iterations: 3}, Host: map[string]string{"HOME": "/home/me"}},
		{Benchmark: untrusted, Host: map[string]string{"HOME": "/home/me"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	var queued OrderResponse
	s.into(&queued, http.StatusAccepted, s.ask("POST", OrderPath, string(text)))
	plan, err := s.store.Plan(t.Context(), queued.Runs[0].ID)
	if err != nil || !plan.Trusted || plan.Dir != "/srv" || plan.Timeout != 60_000 || plan.Iterations != 3 || plan.Host["HOME"] != "/home/me" {
		t.Errorf("trusted: %+v, %v", plan, err)
	}
	plan, err = s.store.Plan(t.Context(), queued.Runs[1].ID)
	if err != nil || plan.Trusted || plan.Host != nil || plan.Requested != bench.Container || len(plan.Strict) < 5 {
		t.Errorf("untrusted: %+v, %v", plan, err)
	}
	var run bench.Run
	s.into(&run, http.StatusOK, s.ask("GET", RunsPath+queued.Runs[0].ID, ""))
	if run.ID != queued.Runs[0].ID || *run.Batch != *queued.Runs[1].Batch {
		t.Errorf("got %+v", run)
	}
}

func TestTheOperatorsMistakes(t *testing.T) {
	s := open(t, choices{idle: true, operator: true})
	order := func(change func(*Order)) string {
		o := Order{Benchmark: configured()[0], Host: map[string]string{}}
		change(&o)
		text, err := json.Marshal(OrderRequest{Orders: []Order{o}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for mention, body := range map[string]string{
		"orders is empty":                  `{"orders":[],"parallel":1}`,
		"Sort lines: timeout is -1 ms":     order(func(o *Order) { o.Overrides.Timeout = -1 }),
		`isolation "jail" is not one of`:   order(func(o *Order) { o.Overrides.Isolation = "jail" }),
		"body.orders[0].benchmark.command": `{"parallel":1,"orders":[{"benchmark":{"command":7}}]}`,
		"command is empty":                 order(func(o *Order) { o.Benchmark.Command = nil }),
	} {
		s.isProblem(s.ask("POST", OrderPath, body), http.StatusUnprocessableEntity, bench.CodeInvalid, mention)
	}
}

func TestThePublicDoorTakesNoOrders(t *testing.T) {
	s := open(t, choices{idle: true})
	s.isProblem(s.ask("POST", OrderPath, `{"orders":[]}`), http.StatusNotFound, bench.CodeNotFound, "")
}
