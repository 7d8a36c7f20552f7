package main

import (
	"encoding/json"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/hostile"
	"benchcell/internal/sandbox/sandboxtest"
)

// selftestOf runs the command and reads its answer.
func selftestOf(t *testing.T, args ...string) (bench.SelfTest, int) {
	t.Helper()
	needPrograms(t)
	out, errs, code := orchestrate(t, append([]string{"doctor", "--selftest", "--json"}, args...)...)
	var result bench.SelfTest
	if err := json.Unmarshal([]byte(out), &result); err != nil {
		t.Fatalf("%v in %q\n%s", err, out, errs)
	}
	return result, code
}

// Every hostile program meets what it must at every boundary of this machine, and
// nothing of it is left.
func TestSelftest(t *testing.T) {
	sandboxtest.NeedRoot(t)
	t.Setenv("BENCHCELL_ISOLATION_PROCESS_CGROUP_PARENT", groupOf(t))
	result, code := selftestOf(t)
	if want := len(hostile.All()) * len(hostile.Boundaries); len(result.Cases) != want || code != 0 {
		t.Errorf("%d of %d results, exit code %d", len(result.Cases), want, code)
	}
	passed := map[string]int{}
	for _, c := range result.Cases {
		switch {
		case c.Result == bench.Failed:
			t.Errorf("%s at %s: %s", c.Case, c.Backend, c.Reason)
		case c.Result == bench.Passed:
			passed[c.Backend]++
		case c.Reason == "":
			t.Errorf("%s at %s does not apply, and nobody says why", c.Case, c.Backend)
		}
	}
	t.Logf("passed: %v", passed)
	if passed[string(hostile.Plain)] < 20 {
		t.Errorf("only %d cases were run against a plain process", passed[string(hostile.Plain)])
	}
}
