package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"benchcell/internal/sandbox/sandboxtest"
	runnerimage "benchcell/runner-image"
)

// TestMain lets scripts, and tests that kill, run this very binary as the
// orchestrator.
func TestMain(m *testing.M) {
	testscript.Main(testingM{m}, map[string]func(){"orchestrator": main})
}

type testingM struct{ *testing.M }

func (m testingM) Run() int { return sandboxtest.Main(m.M) }

// needPrograms skips where the runner was not built before the test binary.
func needPrograms(t testing.TB) {
	t.Helper()
	if runnerimage.Runner().Size() == 0 || runnerimage.BenchBuiltin().Size() == 0 {
		sandboxtest.Need(t, "programs", "the runner was not built: run 'make programs' first")
	}
}

func TestScripts(t *testing.T) {
	needPrograms(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_DATA_HOME", env.WorkDir+"/data")
			return nil
		},
	})
}
