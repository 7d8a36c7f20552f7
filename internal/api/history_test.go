package api

import (
	"net/http"
	"testing"
)

func TestAlertsAndBaselinesThatAreNone(t *testing.T) {
	s := open(t, choices{idle: true})
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/api/v1/alerts", "", http.StatusOK},
		{"GET", "/api/v1/alerts?state=old", "", http.StatusUnprocessableEntity},
		{"PATCH", "/api/v1/alerts/x", `{"state":"accepted"}`, http.StatusNotFound},
		{"PATCH", "/api/v1/alerts/x", `{"state":"new"}`, http.StatusUnprocessableEntity},
		{"PUT", "/api/v1/benchmarks/sort/baselines/previous", `{"run":"1"}`, http.StatusUnprocessableEntity},
		{"PUT", "/api/v1/benchmarks/sort/baselines/branch-point", `{"run":"1"}`, http.StatusUnprocessableEntity},
		{"PUT", "/api/v1/benchmarks/sort/baselines/v1", `{"run":"1"}`, http.StatusNotFound},
		{"PUT", "/api/v1/benchmarks/sort/baselines/V%201", `{"run":"1"}`, http.StatusUnprocessableEntity},
		{"POST", "/api/v1/runs", `{"definition":{"name":"x","command":["x"]},"revision":{"commit":"abcdef0"}}`, http.StatusUnprocessableEntity},
		{"POST", "/api/v1/runs", `{"benchmark":"x","revision":{"commit":"HEAD"}}`, http.StatusUnprocessableEntity},
	} {
		if r := s.ask(c.method, c.path, c.body); r.StatusCode != c.status {
			t.Errorf("%s %s %s: %s %s", c.method, c.path, c.body, r.Status, r.body)
		}
	}
}
