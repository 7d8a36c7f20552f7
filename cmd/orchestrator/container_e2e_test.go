package main

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/sandboxtest"
)

const toolsImage = "benchcell/tools"

// containerServer is a server on an engine that has the tools image. At the end
// of the test it has left no container behind.
func containerServer(t *testing.T, config string, env ...string) *server {
	t.Helper()
	sandboxtest.NeedImage(t, toolsImage)
	data := t.TempDir()
	t.Cleanup(func() { wantNoContainer(t, data) })
	return startServer(t, data, write(t, "config.toml", config), env...)
}

func wantNoContainer(t *testing.T, data string) {
	t.Helper()
	if left := containersOf(t, data); len(left) > 0 {
		t.Errorf("containers are left: %v", left)
	}
}

// containersOf lists the containers of whoever has a data folder, in any state.
func containersOf(t *testing.T, data string) []string {
	t.Helper()
	out, err := exec.Command("docker", "ps", "--all", "--quiet", "--no-trunc", "--filter", "label="+ownerLabelOf(data)).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(out))
}

// ownerLabelOf is what the containers of a data folder's owner bear.
func ownerLabelOf(data string) string {
	return "benchcell.owner=" + (&dataFolder{path: data}).name()
}

// enclosed starts a server for each boundary that strangers' code may run behind.
func enclosed(t *testing.T, config string, env []string, check func(t *testing.T, s *server, at bench.Isolation)) {
	t.Run(string(bench.Process), func(t *testing.T) {
		sandboxtest.NeedRoot(t)
		check(t, startServer(t, t.TempDir(), write(t, "config.toml", config), env...), bench.Process)
	})
	t.Run(string(bench.Container), func(t *testing.T) {
		check(t, containerServer(t, config, env...), bench.Container)
	})
}

// submit queues a definition as a stranger does.
func (s *server) submit(d bench.Definition) bench.Run {
	s.t.Helper()
	return s.submitTo("", d)
}

// submitTo asks for an isolation as well.
func (s *server) submitTo(isolation bench.Isolation, d bench.Definition) bench.Run {
	s.t.Helper()
	request := map[string]any{"definition": d}
	if isolation != "" {
		request["isolation"] = isolation
	}
	body, err := json.Marshal(request)
	if err != nil {
		s.t.Fatal(err)
	}
	var run bench.Run
	s.call("POST", "/runs", string(body), http.StatusAccepted, &run)
	return run
}

// try runs a stranger's definition to its end.
func (s *server) try(d bench.Definition) bench.Run {
	s.t.Helper()
	return s.wait(s.submit(d).ID)
}

// guestDefinition has the conformance suite's guest run once, as a stranger's.
func guestDefinition(t *testing.T, args ...string) bench.Definition {
	t.Helper()
	return once(bench.Definition{
		Name: "guest", Command: append([]string{"/work/guest"}, args...), Files: []bench.File{sandboxtest.GuestFile(t)},
	})
}

// once is a definition whose program is executed one time.
func once(d bench.Definition) bench.Definition {
	none := 0
	d.Iterations, d.Warmup = 1, &none
	return d
}

func wantVerdict(t *testing.T, r bench.Run, want bench.Verdict) {
	t.Helper()
	if *r.Verdict != want {
		reason := ""
		if r.Error != nil {
			reason = *r.Error
		}
		t.Errorf("%s ended %s, want %s: %s\nstdout: %s\nstderr: %s", r.Benchmark, *r.Verdict, want, reason, r.Stdout.Tail, r.Stderr.Tail)
	}
}

// The shipped suite is all ok in containers, with every limit read back and
// memory as the container's control group counted it.
func TestShippedSuiteInContainers(t *testing.T) {
	sandboxtest.NeedImage(t, toolsImage)
	data := t.TempDir()
	out, errs, code := orchestrate(t, "run", "--all", "--isolation", "container", "--json", "--iterations", "2", "--data", data)
	if code != 0 {
		t.Errorf("exit code %d: %s", code, errs)
	}
	for _, r := range runsOf(t, out) {
		wantVerdict(t, r, bench.OK)
		if *r.Isolation.Effective != bench.Container || r.Isolation.FallbackReason != nil {
			t.Errorf("%s: isolation %+v", r.Slug, r.Isolation)
		}
		if r.ResourceUsage.MaxRSS == nil || !strings.Contains(*r.ResourceUsage.Sources.MaxRSS, "cgroup") {
			t.Errorf("%s: usage %+v", r.Slug, r.ResourceUsage)
		}
		wantReceipt(t, r)
	}
	wantNoContainer(t, data)
}

// wantReceipt looks for a line of each limit and protection, all of them in force.
func wantReceipt(t *testing.T, r bench.Run) {
	t.Helper()
	seen := map[string]bool{}
	for _, line := range r.Isolation.Receipt {
		seen[line.Limit] = true
		// A kernel that does not account for swap says nothing of it.
		if line.Effective == nil && line.Limit != "swap" {
			t.Errorf("%s: %s is not in force", r.Slug, line.Limit)
		}
	}
	limits := []string{
		bench.LimitMemory, bench.LimitCPUs, bench.LimitPids, bench.LimitOutput, bench.LimitDisk, bench.LimitOpenFiles, bench.LimitCore,
		"network", "root", "user", "capabilities", "privileges", "system calls", "namespaces", "mounts", "kernel",
	}
	if *r.Isolation.Effective == bench.Container {
		limits = append(limits, "runtime", "container")
	}
	for _, limit := range limits {
		if !seen[limit] {
			t.Errorf("%s: the receipt says nothing of %s", r.Slug, limit)
		}
	}
}
