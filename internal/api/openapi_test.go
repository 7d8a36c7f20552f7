package api

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// document is the description as a client reads it.
func document(t *testing.T, s *site) map[string]any {
	t.Helper()
	return decoded(t, s.ask("GET", "/api/v1/openapi.json", "").body)
}

func decoded(t *testing.T, text []byte) (d map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatalf("%v: %.200s", err, text)
	}
	return d
}

// at follows keys into a document; "" where there is nothing.
func at(v any, keys ...string) any {
	for _, key := range keys {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

func TestEveryRouteIsDescribed(t *testing.T) {
	s := open(t, choices{idle: true})
	d := document(t, s)
	outside := []string{
		"GET /healthz", "GET /readyz", "GET /metrics", "GET /badges/:file", "HEAD /badges/:file",
		"GET /login", "POST /login", "POST /logout",
		"GET /api/v1/openapi.json", "GET /api/v1/openapi.yaml", "GET /api/v1/openapi-3.0.json", "GET /api/v1/openapi-3.0.yaml",
	}
	param := regexp.MustCompile(`:(\w+)`)
	described := 0
	for _, r := range s.publicEngine().Routes() {
		if slices.Contains(outside, r.Method+" "+r.Path) {
			continue
		}
		path := param.ReplaceAllString(r.Path, "{$1}")
		if at(d, "paths", path, strings.ToLower(r.Method)) == nil {
			t.Errorf("%s %s is not described", r.Method, path)
		}
		described++
	}
	paths, _ := at(d, "paths").(map[string]any)
	for path, item := range paths {
		described -= len(item.(map[string]any))
		if !strings.HasPrefix(path, prefix) {
			t.Errorf("%s is outside of the API", path)
		}
	}
	if described != 0 {
		t.Errorf("%d more routes than operations", described)
	}
}

// What the specification of OpenAPI 3.1 demands, as far as a generator can err.
func TestTheDescriptionIsValid(t *testing.T) {
	d := document(t, open(t, choices{idle: true}))
	if at(d, "openapi") != "3.1.0" || at(d, "info", "title") == "" || at(d, "info", "version") != "test" {
		t.Errorf("it begins with %v, %v", at(d, "openapi"), at(d, "info"))
	}
	seen := map[string]bool{}
	for path, item := range at(d, "paths").(map[string]any) {
		for method, operation := range item.(map[string]any) {
			where := method + " " + path
			id, _ := at(operation, "operationId").(string)
			if id == "" || seen[id] || at(operation, "summary") == nil {
				t.Errorf("%s: operationId %q, summary %v", where, id, at(operation, "summary"))
			}
			seen[id] = true
			checkParameters(t, where, path, at(operation, "parameters"))
			checkResponses(t, where, at(operation, "responses"))
			kind := "application/json"
			switch {
			case strings.Contains(path, "/sources/"):
				kind = "application/x-tar"
			case strings.HasSuffix(path, "/reports"):
				kind = "application/octet-stream"
			}
			if at(operation, "requestBody") != nil && at(operation, "requestBody", "content", kind, "schema") == nil {
				t.Errorf("%s: a body without a schema", where)
			}
		}
	}
	eachReference(d, func(ref string) {
		if at(d, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...) == nil {
			t.Errorf("%s leads nowhere", ref)
		}
	})
	for name := range at(d, "components", "schemas").(map[string]any) {
		if !regexp.MustCompile(`^[A-Za-z0-9._-]+$`).MatchString(name) {
			t.Errorf("a schema is called %q", name)
		}
	}
}

func checkParameters(t *testing.T, where, path string, list any) {
	t.Helper()
	given := map[string]bool{}
	parameters, _ := list.([]any)
	for _, p := range parameters {
		name, in := fmt.Sprint(at(p, "name")), fmt.Sprint(at(p, "in"))
		if given[in+name] || at(p, "schema") == nil || (in == "path" && at(p, "required") != true) {
			t.Errorf("%s: parameter %v", where, p)
		}
		given[in+name] = true
		if in == "path" && !strings.Contains(path, "{"+name+"}") {
			t.Errorf("%s: its address has no {%s}", where, name)
		}
	}
	for _, m := range regexp.MustCompile(`{(\w+)}`).FindAllStringSubmatch(path, -1) {
		if !given["path"+m[1]] {
			t.Errorf("%s: {%s} is not described", where, m[1])
		}
	}
}

func checkResponses(t *testing.T, where string, responses any) {
	t.Helper()
	list, _ := responses.(map[string]any)
	good := false
	for status, r := range list {
		if at(r, "description") == nil || !regexp.MustCompile(`^([1-5]\d\d|default)$`).MatchString(status) {
			t.Errorf("%s: response %s %v", where, status, r)
		}
		good = good || status[0] == '2'
	}
	if !good || at(list, "default", "content", "application/problem+json", "schema") == nil {
		t.Errorf("%s: it lacks a success or the problem", where)
	}
}

func eachReference(v any, do func(string)) {
	switch v := v.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			do(ref)
		}
		for _, inner := range v {
			eachReference(inner, do)
		}
	case []any:
		for _, inner := range v {
			eachReference(inner, do)
		}
	}
}

func TestTheDescriptionCanBeHadWithoutAServer(t *testing.T) {
	s := open(t, choices{idle: true})
	text, err := s.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var offline map[string]any
	if err := json.Unmarshal(text, &offline); err != nil {
		t.Fatal(err)
	}
	if served := document(t, s); fmt.Sprint(served) != fmt.Sprint(offline) {
		t.Error("it differs from the one that is served")
	}
}
