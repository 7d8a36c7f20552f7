package api

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// token makes one, and is the header that shows it.
func (s *site) token(name string, role bench.Role) (header, text, id string) {
	s.t.Helper()
	text, t, err := s.Access.CreateToken(s.t.Context(), name, role, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return "Authorization: Bearer " + text, text, t.ID
}

// operations are all that the description tells of, by id.
func operations(t *testing.T, s *site) map[string][2]string {
	t.Helper()
	all := map[string][2]string{}
	text, err := s.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	for path, item := range at(decoded(t, text), "paths").(map[string]any) {
		for method, operation := range item.(map[string]any) {
			all[at(operation, "operationId").(string)] = [2]string{strings.ToUpper(method), regexp.MustCompile(`{\w+}`).ReplaceAllString(path, "x")}
		}
	}
	return all
}

func TestEveryOperationNamesItsRole(t *testing.T) {
	s := open(t, choices{idle: true})
	all := operations(t, s)
	for id := range all {
		if _, known := needs[id]; !known {
			t.Errorf("%s is not in the table of roles: who may do it?", id)
		}
	}
	for id, role := range needs {
		if _, described := all[id]; !described && id != "create-orders" {
			t.Errorf("the table of roles has %s, which is no operation", id)
		}
		if !slices.Contains(bench.Roles, role) {
			t.Errorf("%s needs %q, which is no role", id, role)
		}
		if changing := strings.HasPrefix(id, "create-") || strings.HasPrefix(id, "put-"); changing && role == bench.Viewer && id != "create-comparison" {
			t.Errorf("a viewer may %s", id)
		}
	}
	if roleFor("new-operation") != bench.Admin {
		t.Error("what is not in the table is open")
	}
}

func TestEachRoleMayDoWhatTheTableSays(t *testing.T) {
	s := open(t, choices{idle: true})
	for _, role := range bench.Roles {
		header, _, _ := s.token(string(role), role)
		for id, o := range operations(t, s) {
			may := role.May(needs[id])
			if may && strings.HasPrefix(id, "stream-") {
				continue // it would stream
			}
			r := s.ask(o[0], o[1], "", header)
			if !may {
				s.isProblem(r, http.StatusForbidden, bench.CodeForbidden, "needs a "+string(needs[id]))
			} else if r.StatusCode == http.StatusForbidden || r.StatusCode == http.StatusUnauthorized {
				t.Errorf("a %s may not %s: %s", role, id, r.body)
			}
		}
	}
	if queued, _, err := s.store.Counts(t.Context()); queued != 0 || err != nil {
		t.Errorf("%d runs, %v", queued, err)
	}
}

func TestAViewerCannotRun(t *testing.T) {
	s := open(t, choices{idle: true})
	viewer, _, _ := s.token("reader", bench.Viewer)
	runner, _, _ := s.token("ci", bench.Runner)
	for path, body := range map[string]string{
		"/runs":        `{"benchmark":"sort-lines"}`,
		"/batches":     `{"benchmarks":"all"}`,
		"/comparisons": `{"a":{"benchmark":"sort-lines"},"b":{"definition":{"name":"x","command":["x"]}}}`,
	} {
		s.isProblem(s.ask("POST", "/api/v1"+path, body, viewer), http.StatusForbidden, bench.CodeForbidden, "reader is a viewer, and this needs a runner")
		if r := s.ask("POST", "/api/v1"+path, body, runner); r.StatusCode != http.StatusAccepted {
			t.Errorf("a runner can't %s: %s", path, r.body)
		}
	}
	s.isProblem(s.ask("POST", "/api/v1/runs/x/cancel", "", viewer), http.StatusForbidden, bench.CodeForbidden, "")
	if queued, _, err := s.store.Counts(t.Context()); queued != 5 || err != nil {
		t.Errorf("%d runs are queued, not the runner's five; %v", queued, err)
	}
	a, b := s.runID(runner), s.runID(runner)
	stored := fmt.Sprintf(`{"a":{"run":%q},"b":{"run":%q}}`, a, b)
	if r := s.ask("POST", "/api/v1/comparisons", stored, viewer); r.StatusCode == http.StatusForbidden {
		t.Errorf("a viewer may not look at two runs: %s", r.body)
	}
}

func (s *site) runID(header string) string {
	s.t.Helper()
	var run bench.Run
	s.into(&run, http.StatusAccepted, s.ask("POST", "/api/v1/runs", `{"benchmark":"sort-lines"}`, header))
	return run.ID
}

func TestWhoAmI(t *testing.T) {
	s := open(t, choices{idle: true})
	var me Me
	if s.into(&me, http.StatusOK, s.ask("GET", "/api/v1/me", "")); me != (Me{"loopback", bench.Admin, bench.DoorLoopback}) {
		t.Errorf("before there is a token: %+v", me)
	}
	header, _, _ := s.token("reader", bench.Viewer)
	if s.into(&me, http.StatusOK, s.ask("GET", "/api/v1/me", "", header)); me != (Me{"reader", bench.Viewer, bench.DoorToken}) {
		t.Errorf("with one: %+v", me)
	}
	s.isProblem(s.ask("GET", "/api/v1/me", ""), http.StatusUnauthorized, bench.CodeUnauthorized, "token")
}

func TestARevokedTokenEndsItsStreams(t *testing.T) {
	s := open(t, choices{idle: true})
	header, _, id := s.token("reader", bench.Viewer)
	admin, _, _ := s.token("boss", bench.Admin)
	st := s.watch("/events", "", header)
	defer st.close()
	st.skipTo("hello")
	if r := s.ask("DELETE", "/api/v1/tokens/"+id, "", admin); r.StatusCode != http.StatusNoContent {
		t.Fatalf("%s %s", r.Status, r.body)
	}
	for m, more := st.next(); more; m, more = st.next() {
		t.Logf("it still told of %+v", m)
	}
	s.isProblem(s.ask("GET", "/api/v1/events", "", header), http.StatusUnauthorized, bench.CodeUnauthorized, "")
}
