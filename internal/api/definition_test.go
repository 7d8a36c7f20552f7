package api

import (
	"net/http"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// How a submitted program is sampled and what surrounds it reaches the plan and
// the run as it was stated.
func TestWhatADefinitionStatesOfItsSamples(t *testing.T) {
	s := open(t, choices{idle: true})
	for codes, want := range map[string]*bench.ExitCodes{"true": {All: true}, "[1,3]": {Codes: []int{1, 3}}} {
		var run bench.Run
		s.into(&run, http.StatusAccepted, s.ask("POST", "/api/v1/runs", `{"definition":{"name":"x","command":["x"],
			"min":20,"max":500,"minTime":5000,"precision":0.01,"ignoreExit":`+codes+`,"labels":{"size":"1k"},"target":1e6,"targetOn":"memory",
			"setup":["a","b"],"prepare":["c"],"conclude":["d"],"cleanup":["e"]}}`))
		if run.TargetOn != bench.OnMemory || run.Labels["size"] != "1k" || run.Rated != nil {
			t.Errorf("the run has a target on %s, labels %v", run.TargetOn, run.Labels)
		}
		var plan bench.Plan
		s.into(&plan, http.StatusOK, s.ask("GET", "/api/v1/runs/"+run.ID+"/plan", ""))
		if plan.Samples() != (bench.Sampling{Min: 20, Max: 500, MinTime: 5000, Precision: 0.01}) || plan.Setup[1] != "b" || plan.Cleanup[0] != "e" ||
			plan.IgnoreExit.All != want.All || len(plan.IgnoreExit.Codes) != len(want.Codes) {
			t.Errorf("the plan is %+v", plan.Definition)
		}
	}
}

func TestLabelsOfAConfiguredBenchmark(t *testing.T) {
	s := open(t, choices{idle: true, change: func(c *Config) {
		c.Benchmarks[0].Labels = bench.Labels{"size": "1k"}
	}})
	var list BenchmarkList
	s.into(&list, http.StatusOK, s.ask("GET", "/api/v1/benchmarks", ""))
	if first := list.Benchmarks[0]; first.Labels["size"] != "1k" || first.TargetOn != bench.OnMedian || list.Benchmarks[1].Labels == nil {
		t.Errorf("labels %v and %v, target on %q", first.Labels, list.Benchmarks[1].Labels, first.TargetOn)
	}
}

func TestWrongSamples(t *testing.T) {
	s := open(t, choices{idle: true})
	labels := `{"0":""`
	for i := range 32 {
		labels += `,"` + strings.Repeat("l", i+1) + `":""`
	}
	for more, mention := range map[string]string{
		`"min":0`:                        "body.definition.min",
		`"max":1000001`:                  "body.definition.max",
		`"minTime":0`:                    "body.definition.minTime",
		`"minTime":1e9`:                  "body.definition.minTime",
		`"precision":0`:                  "body.definition.precision",
		`"precision":1.01`:               "body.definition.precision",
		`"iterations":5,"precision":1`:   "iterations and precision contradict each other",
		`"min":5,"max":4`:                "min is 5 and max is 4",
		`"setup":[]`:                     "setup is empty",
		`"prepare":"sh -c evil"`:         "body.definition.prepare",
		`"ignoreExit":false`:             "body.definition.ignoreExit",
		`"ignoreExit":"all"`:             "body.definition.ignoreExit",
		`"ignoreExit":[]`:                "body.definition.ignoreExit",
		`"ignoreExit":[0]`:               "body.definition.ignoreExit",
		`"ignoreExit":[1.5]`:             "body.definition.ignoreExit",
		`"targetOn":"p95"`:               "there is no target",
		`"target":1,"targetOn":"mean"`:   "body.definition.targetOn",
		`"labels":{"a":1}`:               "body.definition.labels",
		`"labels":{"":"x"}`:              `labels "": a name must be`,
		`"labels":` + labels + `}`:       "body.definition.labels",
		`"matrix":{"size":[1,2]}`:        "body.definition.matrix",
		`"prepare":["x"],"dir":"/etc"`:   "body.definition.dir",
		`"conclude":["a","b\u0000"]`:     "conclude[1] holds a NUL byte",
		`"min":6,"max":6,"iterations":1`: "contradict",
	} {
		s.isProblem(s.ask("POST", "/api/v1/runs", `{"definition":{"name":"x","command":["x"],`+more+`}}`), unprocessable, invalid, mention)
	}
}

// The description tells both forms of ignoreExit.
func TestExitCodesAreDescribed(t *testing.T) {
	d := document(t, open(t, choices{idle: true}))
	forms, _ := at(d, "components", "schemas", "Definition", "properties", "ignoreExit", "oneOf").([]any)
	if len(forms) != 2 || at(forms[0], "type") != "array" || at(forms[1], "type") != "boolean" {
		t.Errorf("ignoreExit is %v", at(d, "components", "schemas", "Definition", "properties", "ignoreExit"))
	}
	if at(d, "components", "schemas", "Definition", "properties", "prepare") == nil || at(d, "components", "schemas", "Definition", "properties", "minTime") == nil {
		t.Error("what is embedded in a definition is not described")
	}
}
