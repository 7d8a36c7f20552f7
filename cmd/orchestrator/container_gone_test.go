//go:build linux

package main

import (
	"strings"
	"syscall"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/sandboxtest"
)

// emptyImage has the engine make an image without anything in it: the program
// comes with the definition.
func emptyImage(t *testing.T, e *sandboxtest.Engine, name string) {
	t.Helper()
	cmd := e.Docker("import", "-", name)
	cmd.Stdin = strings.NewReader(strings.Repeat("\x00", 1024)) // an empty tar
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// When the engine goes in the middle of a run, nothing of it is left once the
// engine is back, and the next one runs. An engine that stops in order takes the
// container along, and the run says so; one that dies leaves it, and a server that
// speaks to it directly has its figures all the same.
func TestEngineGoes(t *testing.T) {
	engine := sandboxtest.NeedEngine(t)
	emptyImage(t, engine, "benchcell/empty")
	s := startServer(t, t.TempDir(), write(t, "config.toml", "[isolation.container]\nimage = 'benchcell/empty'\nwarm = 0\n"),
		"DOCKER_HOST="+engine.Host())
	for _, c := range []struct {
		sig   syscall.Signal
		sleep string
		want  bench.Verdict
	}{
		{syscall.SIGTERM, "60000", bench.InternalError},
		{syscall.SIGKILL, "2000", bench.OK},
	} {
		queued := s.submit(guestDefinition(t, "sleep", c.sleep))
		waitFor(t, "the program to run", func() bool {
			id, _ := engine.Docker("ps", "--quiet").Output()
			programs, _ := engine.Docker("top", strings.TrimSpace(string(id))).Output()
			return strings.Contains(string(programs), "/work/guest sleep")
		})
		engine.Stop(c.sig)
		r := s.wait(queued.ID)
		wantVerdict(t, r, c.want)
		// An engine that stops may answer a little longer than its containers live.
		if c.want != bench.OK && (!strings.Contains(*r.Error, "in the middle of the run") || !strings.Contains(*r.Error, "engine")) {
			t.Errorf("error %q", *r.Error)
		}
		wantVerdict(t, s.try(guestDefinition(t, "ok")), bench.IsolationUnavailable)
		engine.Start()
		waitFor(t, "the container to be swept", func() bool {
			out, err := engine.Docker("ps", "--all", "--quiet").Output()
			return err == nil && len(out) == 0
		})
		wantVerdict(t, s.try(guestDefinition(t, "ok")), bench.OK)
	}
}
