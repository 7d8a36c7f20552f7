package api

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
)

// turns is a worker of which side B, and every other run of its own, takes a fifth
// longer.
func turns(_ context.Context, _ *Live, run *bench.Run) *bench.Measurement {
	process := bench.Process
	m := &bench.Measurement{Verdict: bench.OK, Effective: &process, TimeSource: bench.TimeByRunner}
	for i := range 30 {
		wall := 100 + float64(i*7%11)/10
		if run.Side != nil && *run.Side == bench.SideB {
			wall *= 1.2
		}
		m.Samples = append(m.Samples, bench.Sample{Index: i, Wall: wall})
	}
	return m
}

func (s *site) compare(body, query string, status int) (c bench.Comparison, location string) {
	s.t.Helper()
	r := s.into(&c, status, s.ask("POST", "/api/v1/comparisons"+query, body))
	return c, r.Header.Get("Location")
}

const both = `{"a":{"benchmark":"sort-lines"},"b":{"benchmark":"sort-lines"}}`

func TestAComparisonIsRunAndAsked(t *testing.T) {
	s := open(t, choices{work: turns})
	queued, location := s.compare(both, "", http.StatusAccepted)
	if queued.ID == nil || queued.State == bench.Finished || queued.Results[0].Decision != nil || location != ComparisonsPath+*queued.ID {
		t.Errorf("queued: %+v at %s", queued, location)
	}
	for _, id := range []string{queued.Results[0].A.Run, queued.Results[0].B.Run} { // either is its id
		var c bench.Comparison
		s.into(&c, http.StatusOK, s.ask("GET", ComparisonsPath+id+"?wait=60", ""))
		r := c.Results[0]
		if *c.ID != *queued.ID || c.State != bench.Finished || c.Taken != bench.Interleaved || len(c.Warnings) != 0 || c.Criteria != (bench.Criteria{P: 0.00002, Effect: 0.03}) {
			t.Errorf("got %+v", c)
		}
		if r.Benchmark != "sort-lines" || *r.Decision != bench.Slower || *r.Effect < 0.19 || *r.Effect > 0.21 || r.A.N != 30 || *c.GeoMean != 1+*r.Effect {
			t.Errorf("got %+v", r)
		}
	}
	done, _ := s.compare(strings.Replace(both, "}}", `},"blocks":3,"isolation":"container"}`, 1), "?wait=60", http.StatusOK)
	plan, err := s.store.Plan(t.Context(), done.Results[0].B.Run)
	if err != nil || plan.Blocks != 3 || plan.Iterations != 6 || plan.Requested != bench.Container || !plan.Trusted {
		t.Errorf("plan %+v, %v", plan, err)
	}
}

func TestADefinitionToCompareIsUntrusted(t *testing.T) {
	s := open(t, choices{work: turns, idle: true})
	c, _ := s.compare(`{"a":{"benchmark":"sort-lines"},"b":{"definition":{"name":"Sort lines","command":["sort","-n"]}}}`, "", http.StatusAccepted)
	run, err := s.store.Run(t.Context(), c.Results[0].B.Run)
	if err != nil || run.Trusted || run.Slug != "submitted-sort-lines" || run.Isolation.Requested != bench.Container {
		t.Errorf("run %+v, %v", run, err)
	}
	if len(c.Warnings) != 1 || c.Warnings[0].Code != "different_isolation" {
		t.Errorf("warnings %v", c.Warnings)
	}
}

func TestStoredRunsAreComparedAtOnce(t *testing.T) {
	s := open(t, choices{work: turns})
	a, b := s.run("?wait=60"), s.run("?wait=60")
	c, location := s.compare(`{"a":{"run":"`+a.ID+`"},"b":{"run":"`+b.ID+`"}}`, "", http.StatusOK)
	if c.ID != nil || location != "" || c.Taken != bench.Separate || *c.Results[0].Decision != bench.NoDifference || c.Warnings[0].Code != "separate" {
		t.Errorf("apart: %+v", c)
	}
	pair, _ := s.compare(both, "?wait=60", http.StatusOK)
	r := pair.Results[0]
	c, _ = s.compare(`{"a":{"run":"`+r.B.Run+`"},"b":{"run":"`+r.A.Run+`"}}`, "", http.StatusOK)
	if c.Taken != bench.Interleaved || *c.Results[0].Decision != bench.Faster {
		t.Errorf("the pair, turned: %+v", c.Results[0])
	}
}

func TestBatchesAreComparedByWhatTheyShare(t *testing.T) {
	s := open(t, choices{work: turns, change: func(c *Config) {
		for _, slug := range []string{"x", "y"} {
			b := c.Benchmarks[0]
			b.Slug = slug
			c.Benchmarks = append(c.Benchmarks, b)
		}
	}})
	start := func(body string) string {
		var b Batch
		s.into(&b, http.StatusAccepted, s.ask("POST", "/api/v1/batches", body))
		for _, r := range b.Runs {
			var run bench.Run
			s.into(&run, http.StatusOK, s.ask("GET", RunsPath+r.ID+"?wait=60", ""))
		}
		return b.ID
	}
	a, b := start(`{"benchmarks":["x","sort-lines","y"]}`), start(`{"benchmarks":["y","x"]}`)
	c, _ := s.compare(`{"a":{"batch":"`+a+`"},"b":{"batch":"`+b+`"}}`, "", http.StatusOK)
	if len(c.Results) != 2 || c.Results[0].Benchmark != "x" || c.Results[1].Benchmark != "y" || c.GeoMeanN != 2 {
		t.Errorf("got %+v", c)
	}
	other := start(`{"benchmarks":["sort-lines"]}`)
	var list BatchList
	s.into(&list, http.StatusOK, s.ask("GET", "/api/v1/batches?limit=2", ""))
	if len(list.Batches) != 2 || list.Batches[0].ID != other || list.Batches[1].ID != b || list.Batches[1].Runs != 2 || list.Batches[1].OK != 2 {
		t.Errorf("batches %+v", list.Batches)
	}
	s.isProblem(s.ask("POST", "/api/v1/comparisons", `{"a":{"batch":"`+b+`"},"b":{"batch":"`+other+`"}}`),
		http.StatusUnprocessableEntity, bench.CodeInvalid, "no benchmark in common")
}

func TestCancelOfAComparisonEndsBoth(t *testing.T) {
	s := open(t, choices{work: last(time.Hour)})
	c, _ := s.compare(both, "", http.StatusAccepted)
	var run bench.Run
	s.into(&run, http.StatusAccepted, s.ask("POST", RunsPath+c.Results[0].B.Run+"/cancel", ""))
	s.into(&c, http.StatusOK, s.ask("GET", ComparisonsPath+*c.ID+"?wait=60", ""))
	if c.State != bench.Finished || c.Results[0].Decision != nil || !slices.ContainsFunc(c.Warnings, func(w bench.Warning) bool { return w.Code == "not_ok" }) {
		t.Errorf("got %+v", c)
	}
}

func TestMistakesOfComparisons(t *testing.T) {
	s := open(t, choices{work: turns})
	run := s.run("?wait=60").ID
	for mention, body := range map[string]string{
		"must each state exactly one": `{"a":{},"b":{"run":"x"}}`,
		"state exactly one of":        `{"a":{"run":"x","batch":"y"},"b":{"run":"x"}}`,
		"are for what is yet to run":  `{"a":{"run":"x"},"b":{"run":"y"},"blocks":3}`,
		"two runs, two batches, or":   `{"a":{"run":"x"},"b":{"benchmark":"sort-lines"}}`,
		"body.blocks":                 strings.Replace(both, "}}", `},"blocks":2}`, 1),
		"has no time to compare":      strings.Replace(both, "sort-lines", "unit-tests", 1),
	} {
		s.isProblem(s.ask("POST", "/api/v1/comparisons", body), http.StatusUnprocessableEntity, bench.CodeInvalid, mention)
	}
	for mention, body := range map[string]string{
		"there is no run":       `{"a":{"run":"` + run + `"},"b":{"run":"nobody"}}`,
		"there is no batch":     `{"a":{"batch":"nobody"},"b":{"batch":"nobody"}}`,
		"there is no benchmark": strings.Replace(both, "sort-lines", "nobody", 1),
	} {
		s.isProblem(s.ask("POST", "/api/v1/comparisons", body), http.StatusNotFound, bench.CodeNotFound, mention)
	}
	s.isProblem(s.ask("GET", ComparisonsPath+run, ""), http.StatusNotFound, bench.CodeNotFound, "took no turns")
}

func TestTheOperatorCompares(t *testing.T) {
	s := open(t, choices{idle: true, operator: true})
	ask := func(n, blocks int) reply {
		o := OrderRequest{Compare: true, Blocks: blocks, Orders: slices.Repeat([]Order{{Benchmark: configured()[0], Host: map[string]string{}}}, n)}
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		return s.ask("POST", OrderPath, string(text))
	}
	var queued OrderResponse
	s.into(&queued, http.StatusAccepted, ask(2, 7))
	plan, err := s.store.Plan(t.Context(), queued.Runs[1].ID)
	if err != nil || plan.Blocks != 7 || *queued.Runs[1].PairedWith != queued.Runs[0].ID {
		t.Errorf("%+v, %+v, %v", queued, plan, err)
	}
	s.isProblem(ask(3, 7), http.StatusUnprocessableEntity, bench.CodeInvalid, "orders has 3 entries")
	s.isProblem(ask(2, 1), http.StatusUnprocessableEntity, bench.CodeInvalid, "blocks is 1")
}

func TestComparisonsAreListed(t *testing.T) {
	s := open(t, choices{work: turns})
	list := func(query string) (l ComparisonList) {
		s.into(&l, http.StatusOK, s.ask("GET", "/api/v1/comparisons"+query, ""))
		return l
	}
	if l := list(""); l.Comparisons == nil || len(l.Comparisons) != 0 || l.NextCursor != nil {
		t.Errorf("of nothing: %+v", l)
	}
	s.run("?wait=60")
	first, _ := s.compare(both, "?wait=60", http.StatusOK)
	second, _ := s.compare(strings.Replace(both, "}}", `},"isolation":"container"}`, 1), "?wait=60", http.StatusOK)
	newest := list("?limit=1")
	if len(newest.Comparisons) != 1 || newest.Comparisons[0].ID != *second.ID || newest.Comparisons[0].A.Isolation != bench.Container || newest.NextCursor == nil {
		t.Fatalf("the newest: %+v", newest)
	}
	older := list("?limit=1&cursor=" + *newest.NextCursor)
	if len(older.Comparisons) != 1 || older.NextCursor != nil {
		t.Fatalf("the older: %+v", older)
	}
	c := older.Comparisons[0]
	if c.ID != *first.ID || c.State != bench.Finished || c.A.Slug != "sort-lines" || c.B.Name != c.A.Name || *c.Result.Decision != bench.Slower || *c.Result.Effect != *first.Results[0].Effect {
		t.Errorf("got %+v", c)
	}
	s.isProblem(s.ask("GET", "/api/v1/comparisons?cursor=x", ""), http.StatusUnprocessableEntity, bench.CodeInvalid, "cursor")
	s.isProblem(s.ask("GET", "/api/v1/comparisons?limit=51", ""), http.StatusUnprocessableEntity, bench.CodeInvalid, "limit")
}
