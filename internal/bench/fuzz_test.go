package bench

import (
	"encoding/json"
	"testing"
)

// FuzzDefinition goes the way of a request: whatever a stranger writes, it is
// refused or it becomes a plan that is untrusted, bounded and complete.
func FuzzDefinition(f *testing.F) {
	for _, seed := range []string{
		`{"name":"x","command":["true"]}`,
		`{"name":"x","command":["true"],"trusted":true,"privileged":true,"user":"root"}`,
		`{"name":"x","command":["a\u0000"],"env":{"A=":"b"},"files":[{"path":"../x","content":"!","encoding":"base64"}]}`,
		`{"name":"x","command":["x"],"timeout":1e300,"limits":{"memory":9223372036854775807,"cpus":1e308,"cpuTime":-0}}`,
		`{"name":"x","command":["x"],"min":10,"max":5,"minTime":1e-320,"precision":0.01,"setup":[],"prepare":["a"],"ignoreExit":true}`,
		`{"name":"x","command":["x"],"iterations":1,"precision":-0,"ignoreExit":[1,256],"labels":{"":"x"},"target":1,"targetOn":"p95"}`,
		`{"name":"\ud800","command":[""],"target":1e-320,"iterations":-9223372036854775808,"warmup":null}`,
	} {
		f.Add([]byte(seed), 0, 0.0)
	}
	f.Add([]byte(`{"name":"x","command":["x"],"max":1,"precision":1}`), 53, 0.0) // wrong, but for the number asked for
	policy := Policy{Backend: Process, Fallback: true, UntrustedBudget: 1000, Env: map[string]string{"NODE_ENV": "production"}}
	f.Fuzz(func(t *testing.T, text []byte, iterations int, timeout float64) {
		var d Definition
		if json.Unmarshal(text, &d) != nil {
			return
		}
		b := Submitted(d)
		if b.Trusted || b.Dir != "" || b.Builtin != "" || b.Kind != KindCommand {
			t.Fatalf("a stranger got %+v", b)
		}
		plan, err := policy.Resolve(b, Overrides{Iterations: iterations, Timeout: timeout})
		if err != nil {
			if CodeOf(err) != CodeInvalid {
				t.Fatalf("%s: %v", CodeOf(err), err)
			}
			return
		}
		if err := plan.Validate(); err != nil {
			t.Fatalf("%+v was let through: %v", plan.Benchmark, err)
		}
		if plan.Trusted || plan.Fallback || plan.Requested != Container || plan.Host != nil || plan.Budget != 1000 {
			t.Fatalf("trust was gained: %+v", plan)
		}
		if s := plan.Samples(); s.Min < 1 || s.Min > s.Max || s.Max > MaxIterations {
			t.Fatalf("%d to %d samples of %+v", s.Min, s.Max, plan.Sampling)
		}
		if plan.Timeout <= 0 || plan.Timeout > DefaultTimeout || plan.Enforce.Within(DefaultLimits()) != nil || len(plan.Strict) < 5 {
			t.Fatalf("not bounded: timeout %v, %+v, strict %v", plan.Timeout, plan.Enforce, plan.Strict)
		}
		if _, err := json.Marshal(plan); err != nil || plan.Hash() == "" {
			t.Fatal(err)
		}
	})
}
