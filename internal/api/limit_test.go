package api

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

func TestOneClientMayNotAskAllTheTime(t *testing.T) {
	s := open(t, choices{idle: true, rate: 0.01}) // and a burst of one
	if r := s.ask("GET", "/api/v1/runs", ""); r.StatusCode != http.StatusOK {
		t.Fatal(r.Status)
	}
	if r := s.ask("GET", "/api/v1/runs", ""); r.StatusCode != http.StatusOK {
		t.Errorf("who is alone on this machine was slowed down: %s", r.Status)
	}
	ci, _, _ := s.token("ci", bench.Runner)
	other, _, _ := s.token("other", bench.Runner)
	if r := s.ask("GET", "/api/v1/runs", "", ci); r.StatusCode != http.StatusOK {
		t.Fatal(r.Status)
	}
	r := s.ask("GET", "/api/v1/runs", "", ci)
	s.isProblem(r, http.StatusTooManyRequests, bench.CodeRateLimited, "too often")
	if after := r.Header.Get("Retry-After"); len(after) < 2 || after > "99" {
		t.Errorf("Retry-After is %q", after)
	}
	if r := s.ask("GET", "/api/v1/runs", "", other); r.StatusCode != http.StatusOK {
		t.Errorf("another client: %s", r.Status)
	}
	s.ask("GET", "/api/v1/runs", "")
	s.isProblem(s.ask("GET", "/healthz", ""), http.StatusTooManyRequests, bench.CodeRateLimited, "")
}

func TestGuessesAreCounted(t *testing.T) {
	s := open(t, choices{idle: true, token: "configured"})
	slow := false
	for range 60 {
		r := s.ask("GET", "/api/v1/runs", "", "Authorization: Bearer wrong")
		slow = slow || r.StatusCode == http.StatusTooManyRequests && r.Header.Get("Retry-After") != ""
	}
	if !slow {
		t.Error("sixty guesses in a row were listened to")
	}
	if r, cookie := s.login("configured", ""); r.StatusCode != http.StatusTooManyRequests || cookie != nil || r.Header.Get("Retry-After") == "" {
		t.Errorf("by the login page: %s", r.Status)
	}
}

func TestAFullShareOfTheQueueIsToldApart(t *testing.T) {
	s := open(t, choices{idle: true, queue: 8})
	ci, _, _ := s.token("ci", bench.Runner)
	other, _, _ := s.token("other", bench.Runner)
	s.runID(ci)
	s.runID(ci)
	r := s.ask("POST", "/api/v1/runs", `{"benchmark":"sort-lines"}`, ci)
	s.isProblem(r, http.StatusTooManyRequests, bench.CodeQueueShare, "at most 2")
	if r.Header.Get("Retry-After") == "" {
		t.Error("it does not say when to try again")
	}
	s.runID(other)
}

func TestTheMetricsHaveADoorOfTheirOwn(t *testing.T) {
	off := open(t, choices{idle: true, change: func(c *Config) { c.Metrics = nil }})
	if r := off.ask("GET", "/metrics", ""); strings.Contains(string(r.body), "benchcell_runs") {
		t.Errorf("they are off: %s", r.body)
	}
	s := open(t, choices{idle: true, token: "configured", change: func(c *Config) { c.MetricsToken = "scraper" }})
	viewer, _, _ := s.token("reader", bench.Viewer)
	for header, status := range map[string]int{"": 401, "Authorization: Bearer scraper": 200, "Authorization: Bearer wrong": 401, viewer: 200} {
		if r := s.ask("GET", "/metrics", "", header); r.StatusCode != status {
			t.Errorf("with %q: %s", header, r.Status)
		}
	}
	for _, path := range []string{"/api/v1/runs", "/", "/metrics/", "//metrics"} {
		if r := s.ask("GET", path, "", "Authorization: Bearer scraper"); r.StatusCode != http.StatusUnauthorized {
			t.Errorf("the scraper read %s: %s", path, r.Status)
		}
	}
}

func TestDeepJSON(t *testing.T) {
	s := open(t, choices{idle: true})
	for name, body := range map[string]string{
		"arrays":            strings.Repeat("[", 10<<20),
		"closed arrays":     strings.Repeat("[", 5<<20) + strings.Repeat("]", 5<<20),
		"objects":           strings.Repeat(`{"a":`, 2<<20),
		"in a definition":   `{"definition":{"name":"x","command":["x"],"env":` + strings.Repeat("[", 1<<20),
		"one too deep":      strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1),
		"in place of limit": `{"definition":{"limits":` + strings.Repeat(`{"memory":`, 1<<20),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for _, path := range []string{"/runs", "/batches", "/comparisons"} {
			s.isProblem(s.ask("POST", "/api/v1"+path, body), http.StatusBadRequest, bench.CodeInvalid, "deep in one another")
		}
		runtime.ReadMemStats(&after)
		// To read it takes five times its length for each request, and eight under the
		// race detector; a value for each level would take forty.
		if grown := after.TotalAlloc - before.TotalAlloc; grown > uint64(30*len(body)+16<<20) {
			t.Errorf("%s: %d MB were made of %d MB", name, grown>>20, len(body)>>20)
		}
	}
}

func TestDepth(t *testing.T) {
	for text, good := range map[string]bool{
		`{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["}`: true, `"\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["`: true,
		`"\\"` + strings.Repeat("[", 40): false, strings.Repeat("[]", 100): true, strings.Repeat("[", maxDepth): true, strings.Repeat("{", maxDepth+1): false,
	} {
		if err := checkDepth([]byte(text)); (err == nil) != good {
			t.Errorf("%.50s: %v", text, err)
		}
	}
}

// No request has room for what it does not know: each object of each says which
// fields it has, and takes no others.
func TestNoRequestTakesUnknownFields(t *testing.T) {
	s := open(t, choices{idle: true})
	d := document(t, s)
	seen := map[string]bool{}
	for path, item := range at(d, "paths").(map[string]any) {
		for method, operation := range item.(map[string]any) {
			if schema := at(operation, "requestBody", "content", "application/json", "schema"); schema != nil {
				isClosed(t, d, method+" "+path, schema, seen)
			}
		}
	}
	if len(seen) < 8 {
		t.Errorf("only %d kinds of objects were found", len(seen))
	}
	for _, field := range []string{"privileged", "binds", "network", "user"} {
		definition := func(where, inner string) string {
			return strings.ReplaceAll(`{"name":"x","command":["x"]`+where+`}`, "HERE", inner)
		}
		for place, d := range map[string]string{
			"": definition(`,HERE`, fmt.Sprintf("%q:true", field)), "limits.": definition(`,"limits":{HERE}`, fmt.Sprintf("%q:true", field)),
			"files[0].": definition(`,"files":[{"path":"a","content":"",HERE}]`, fmt.Sprintf("%q:true", field)),
		} {
			s.isProblem(s.ask("POST", "/api/v1/runs", `{"definition":`+d+`}`), unprocessable, invalid, "body.definition."+place+field)
			s.isProblem(s.ask("POST", "/api/v1/comparisons", `{"a":{"definition":`+d+`},"b":{"benchmark":"sort-lines"}}`), unprocessable, invalid, "body.a.definition."+place+field)
		}
		for path, body := range map[string]string{
			"/runs": `{"benchmark":"sort-lines",%q:true}`, "/batches": `{"benchmarks":"all",%q:true}`, "/tokens": `{"name":"x","role":"viewer",%q:true}`,
			"/comparisons": `{"a":{"run":"x"},"b":{"run":"y"},%q:true}`,
		} {
			s.isProblem(s.ask("POST", "/api/v1"+path, fmt.Sprintf(body, field)), unprocessable, invalid, "body."+field)
		}
	}
	if queued, _, err := s.store.Counts(t.Context()); queued != 0 || err != nil {
		t.Errorf("%d were queued, %v", queued, err)
	}
}

// isClosed walks a schema: an object is a map of one kind of value, or closed.
func isClosed(t *testing.T, d map[string]any, where string, schema any, seen map[string]bool) {
	t.Helper()
	if ref, ok := at(schema, "$ref").(string); ok {
		if seen[ref] {
			return
		}
		seen[ref] = true
		schema = at(d, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	more := at(schema, "additionalProperties")
	_, isMap := more.(map[string]any)
	if at(schema, "type") == "object" && more != false && !isMap {
		t.Errorf("%s takes what it does not know", where)
	}
	properties, _ := at(schema, "properties").(map[string]any)
	for name, inner := range properties {
		isClosed(t, d, where+"."+name, inner, seen)
	}
	if items := at(schema, "items"); items != nil {
		isClosed(t, d, where+"[]", items, seen)
	}
}
