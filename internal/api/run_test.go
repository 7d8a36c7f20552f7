package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

func TestARunFromPostToItsOutput(t *testing.T) {
	s := open(t, choices{})
	var run bench.Run
	r := s.into(&run, http.StatusAccepted, s.ask("POST", "/api/v1/runs?wait=60", `{"benchmark":"sort-lines","iterations":2}`))
	if r.Header.Get("Location") != "/api/v1/runs/"+run.ID || run.State != bench.Finished || *run.Verdict != bench.OK || *run.Rating != bench.Fast {
		t.Errorf("at %s: %+v", r.Header.Get("Location"), run)
	}
	at := "/api/v1/runs/" + run.ID
	var again bench.Run
	s.into(&again, http.StatusOK, s.ask("GET", at, ""))
	if again.ID != run.ID || *again.Time.Median != 1.5 || again.Time.N != 2 {
		t.Errorf("got %+v", again)
	}
	var samples SampleList
	s.into(&samples, http.StatusOK, s.ask("GET", at+"/samples", ""))
	if len(samples.Samples) != 3 || !samples.Samples[0].Warmup || samples.Samples[2].Index != 1 {
		t.Errorf("samples %+v", samples)
	}
	var plan bench.Plan
	s.into(&plan, http.StatusOK, s.ask("GET", at+"/plan", ""))
	if plan.Iterations != 2 || !plan.Trusted || plan.Requested != bench.Process {
		t.Errorf("plan %+v", plan)
	}
}

func TestOutputIsServedByteForByteAndInert(t *testing.T) {
	s := open(t, choices{})
	run := s.run("?wait=60")
	for query, want := range map[string]string{
		"": "out\x00\xff\n", "?stream=stdout": "out\x00\xff\n", "?stream=stderr": "<script>alert(1)</script>",
	} {
		r := s.ask("GET", "/api/v1/runs/"+run.ID+"/output"+query, "")
		if string(r.body) != want || r.StatusCode != http.StatusOK {
			t.Errorf("%s: %s %q", query, r.Status, r.body)
		}
		for name, value := range map[string]string{
			"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; sandbox",
		} {
			if got := r.Header.Values(name); len(got) != 1 || got[0] != value {
				t.Errorf("%s: %s is %q", query, name, got)
			}
		}
	}
}

func TestADefinitionIsAStrangersWhateverItIsCalled(t *testing.T) {
	s := open(t, choices{idle: true})
	for name, slug := range map[string]string{"Hello": "hello", "Sort lines": "submitted-sort-lines"} {
		var run bench.Run
		s.into(&run, http.StatusAccepted, s.ask("POST", "/api/v1/runs", `{"definition":{"name":"`+name+`","command":["true"]}}`))
		if run.Trusted || run.Slug != slug || run.Benchmark != name || run.Category != "submitted" || run.Isolation.Requested != bench.Container {
			t.Errorf("%s: %+v", name, run)
		}
		var plan bench.Plan
		s.into(&plan, http.StatusOK, s.ask("GET", "/api/v1/runs/"+run.ID+"/plan", ""))
		if plan.Trusted || plan.Fallback || len(plan.Strict) < 5 || plan.Dir != "" || plan.Host != nil {
			t.Errorf("%s: %+v", name, plan)
		}
	}
}

func TestWhatARequestMayChange(t *testing.T) {
	s := open(t, choices{idle: true})
	var run bench.Run
	s.into(&run, http.StatusAccepted, s.ask("POST", "/api/v1/runs", `{"benchmark":"sort-lines","isolation":"container","iterations":7,"timeout":250.5}`))
	var plan bench.Plan
	s.into(&plan, http.StatusOK, s.ask("GET", "/api/v1/runs/"+run.ID+"/plan", ""))
	if run.Isolation.Requested != bench.Container || plan.Iterations != 7 || plan.Timeout != 250.5 {
		t.Errorf("run %+v, plan %+v", run, plan)
	}
}

func TestCancelOverHTTP(t *testing.T) {
	s := open(t, choices{idle: true})
	run := s.run("")
	for range 2 {
		var got bench.Run
		s.into(&got, http.StatusAccepted, s.ask("POST", "/api/v1/runs/"+run.ID+"/cancel", ""))
		if got.State != bench.Finished || *got.Verdict != bench.Cancelled {
			t.Errorf("got %+v", got)
		}
	}
}

func TestBatches(t *testing.T) {
	s := open(t, choices{idle: true})
	for body, want := range map[string]int{
		`{"benchmarks":["unit-tests","unit-tests","sort-lines"],"parallel":2}`: 3,
		`{"benchmarks":"all"}`: 2,
		`{"benchmarks":["sort-lines"],"isolation":"container"}`: 1,
	} {
		var batch Batch
		s.into(&batch, http.StatusAccepted, s.ask("POST", "/api/v1/batches", body))
		if len(batch.Runs) != want || batch.ID == "" || *batch.Runs[0].Batch != batch.ID {
			t.Errorf("%s: %+v", body, batch)
		}
		var list RunList
		s.into(&list, http.StatusOK, s.ask("GET", "/api/v1/runs?batch="+batch.ID, ""))
		if len(list.Runs) != want {
			t.Errorf("%s: %d runs are stored", body, len(list.Runs))
		}
		var known BatchList
		s.into(&known, http.StatusOK, s.ask("GET", "/api/v1/batches?limit=1", ""))
		if b := known.Batches[0]; b.ID != batch.ID || b.Runs != want || b.Open != want || b.OK+b.Failed != 0 || b.CreatedAt.IsZero() {
			t.Errorf("%s: %+v", body, b)
		}
	}
}

func TestAFullQueueAsksToComeBackLater(t *testing.T) {
	s := open(t, choices{idle: true, queue: 2})
	s.run("")
	for _, c := range []struct{ path, body string }{
		{"/api/v1/batches", `{"benchmarks":"all"}`},
		{"/api/v1/batches", `{"benchmarks":["sort-lines","sort-lines","sort-lines"]}`},
	} {
		r := s.ask("POST", c.path, c.body)
		s.isProblem(r, http.StatusTooManyRequests, bench.CodeQueueFull, "the queue holds 1 runs and takes at most 2")
		if r.Header.Get("Retry-After") == "" {
			t.Error("it does not say when")
		}
	}
	s.run("")
	s.isProblem(s.ask("POST", "/api/v1/runs", `{"benchmark":"sort-lines"}`), http.StatusTooManyRequests, bench.CodeQueueFull, "holds 2 runs")
}

func TestListOfRuns(t *testing.T) {
	s := open(t, choices{idle: true})
	var ids []string
	for range 5 {
		ids = append(ids, s.run("").ID)
	}
	slices.Reverse(ids)
	var got []string
	cursor := ""
	for {
		var page RunList
		s.into(&page, http.StatusOK, s.ask("GET", "/api/v1/runs?limit=2&cursor="+cursor, ""))
		for _, r := range page.Runs {
			got = append(got, r.ID)
		}
		if page.NextCursor == nil {
			break
		}
		cursor = *page.NextCursor
	}
	if !slices.Equal(got, ids) {
		t.Errorf("got %v, want %v", got, ids)
	}
	s.ask("POST", "/api/v1/runs/"+ids[0]+"/cancel", "")
	for query, want := range map[string]int{
		"":                      5,
		"?benchmark=sort-lines": 5,
		"?benchmark=another":    0,
		"?verdict=cancelled":    1,
		"?state=queued":         4,
		"?isolation=process":    5,
		"?isolation=container":  0,
		"?category=cpu":         5,
		"?category=cpu&verdict=ok&isolation=process&state=finished": 0,
	} {
		var list RunList
		r := s.into(&list, http.StatusOK, s.ask("GET", "/api/v1/runs"+query, ""))
		if len(list.Runs) != want || !strings.Contains(string(r.body), `"runs":[`) || !strings.Contains(string(r.body), `"nextCursor":null`) {
			t.Errorf("%s: %d runs, %.60s", query, len(list.Runs), r.body)
		}
	}
}

func TestBenchmarks(t *testing.T) {
	s := open(t, choices{})
	var before BenchmarkList
	r := s.into(&before, http.StatusOK, s.ask("GET", "/api/v1/benchmarks", ""))
	if len(before.Benchmarks) != 2 || before.Benchmarks[0].Latest != nil || before.Benchmarks[0].SuccessRate.WindowDays != 7 ||
		!strings.Contains(string(r.body), `"latest":null`) || !strings.Contains(string(r.body), `"recent":[]`) {
		t.Errorf("got %s", r.body)
	}
	if v := before.Benchmarks[1]; v.Iterations != nil || v.Target != nil || v.Timeout != bench.DefaultTimeout || v.Isolation != bench.Process || !v.Trusted {
		t.Errorf("got %+v", v)
	}
	run := s.run("?wait=60")
	var after BenchmarkView
	s.into(&after, http.StatusOK, s.ask("GET", "/api/v1/benchmarks/sort-lines", ""))
	if after.Latest.ID != run.ID || after.SuccessRate != (bench.SuccessRate{OK: 1, Total: 1, WindowDays: 7}) || len(after.Recent) != 1 || *after.Iterations != 2 {
		t.Errorf("got %+v", after)
	}
}

func TestCapabilitiesAndMachine(t *testing.T) {
	s := open(t, choices{})
	var report Report
	s.into(&report, http.StatusOK, s.ask("GET", "/api/v1/capabilities", ""))
	if len(report.Backends) != 1 || report.Default != bench.Process || report.Machine.Hostname != "box" || report.Version != "test" {
		t.Errorf("got %+v", report)
	}
	if err := s.store.SaveMachine(t.Context(), bench.Machine{ID: "m", Hostname: "other"}); err != nil {
		t.Fatal(err)
	}
	var m bench.Machine
	s.into(&m, http.StatusOK, s.ask("GET", "/api/v1/machines/m", ""))
	if m.Hostname != "other" {
		t.Errorf("got %+v", m)
	}
}
