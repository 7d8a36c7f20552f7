package main

import (
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"benchcell/internal/bench"
)

const boxed = `
[isolation]
backend = "container"
[isolation.container]
warm = 1
[[benchmarks]]
name = "sleeper"
command = ["sleep", "987"]
iterations = 1
warmup = 0
timeout = "60s"
[[benchmarks]]
name = "quick"
command = ["true"]
iterations = 2
`

// started waits until a run is under way, and lists the server's containers.
func (s *server) started(id string) []string {
	s.t.Helper()
	waitFor(s.t, "the run to start", func() bool {
		var r bench.Run
		s.call("GET", "/runs/"+id, "", http.StatusOK, &r)
		return r.State == bench.Running && len(containersOf(s.t, s.data)) > 0
	})
	return containersOf(s.t, s.data)
}

// waitWarm waits until a server has a container that waits.
func waitWarm(t *testing.T, data string) []string {
	t.Helper()
	waitFor(t, "a warm container", func() bool { return len(containersOf(t, data)) > 0 })
	return containersOf(t, data)
}

// plant makes a container as a server leaves it that dies between making and
// starting one.
func plant(t *testing.T, data string) string {
	t.Helper()
	out, err := exec.Command("docker", "create", "--label", ownerLabelOf(data), toolsImage, "true").Output()
	if err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(string(out))
	t.Cleanup(func() { _ = exec.Command("docker", "rm", "--force", id).Run() }) // the test may have failed
	return id
}

// A server that is killed takes its containers along, or they are swept by its
// next life; what was running is interrupted and what was queued runs. Another
// server on the same engine keeps its own.
func TestKilledServerWithContainers(t *testing.T) {
	other := containerServer(t, boxed)
	data, config := t.TempDir(), write(t, "config.toml", boxed)
	t.Cleanup(func() { wantNoContainer(t, data) })
	theirs := waitWarm(t, other.data)
	first := startServer(t, data, config)
	old := waitWarm(t, data)
	running := first.start("sleeper")
	queued := first.start("quick")
	old = append(old, first.started(running.ID)...)
	first.stop(syscall.SIGKILL)
	old = append(old, plant(t, data))
	notOurs := plant(t, t.TempDir())

	second := startServer(t, data, config)
	if r := second.wait(running.ID); *r.Verdict != bench.Interrupted || r.Error == nil {
		t.Errorf("the running one ended %s", *r.Verdict)
	}
	wantVerdict(t, second.wait(queued.ID), bench.OK)
	waitFor(t, "the old containers to go", func() bool {
		return !slices.ContainsFunc(containersOf(t, data), func(id string) bool { return slices.Contains(old, id) })
	})
	if now := containersOf(t, other.data); !slices.Equal(now, theirs) {
		t.Errorf("the other server had %v and has %v", theirs, now)
	}
	if exec.Command("docker", "inspect", notOurs).Run() != nil {
		t.Error("a container of somebody else was removed")
	}
	wantVerdict(t, other.wait(other.start("quick").ID), bench.OK)
}
