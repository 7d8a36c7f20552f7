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

// compare two definitions of strangers in turns, to the end.
func (s *server) compare(a, b bench.Definition, isolation bench.Isolation) bench.Comparison {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{
		"a": map[string]any{"definition": a}, "b": map[string]any{"definition": b}, "blocks": 6, "isolation": isolation,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	var c bench.Comparison
	s.call("POST", "/comparisons?wait=60", string(body), http.StatusOK, &c)
	return c
}

// sleeping is a stranger's program that takes so many milliseconds.
func sleeping(t *testing.T, ms string) bench.Definition {
	t.Helper()
	d := guestDefinition(t, "sleep", ms)
	d.Iterations, d.Warmup = 0, nil
	return d
}

// Both sides keep a container of their own while they take turns, and end with it.
func TestAComparisonInContainers(t *testing.T) {
	sandboxtest.NeedImage(t, toolsImage)
	s := containerServer(t, "")
	c := s.compare(sleeping(t, "10"), sleeping(t, "30"), bench.Container)
	r := c.Results[0]
	if c.Taken != bench.Interleaved || r.Decision == nil || *r.Decision != bench.Slower || r.A.N != 12 || len(c.Warnings) > 0 {
		t.Errorf("%+v", c)
	}
	for _, side := range []string{r.A.Run, r.B.Run} {
		run := s.wait(side)
		wantVerdict(t, run, bench.OK)
		if *run.Isolation.Effective != bench.Container || run.Trusted {
			t.Errorf("%+v", run.Isolation)
		}
		wantReceipt(t, run)
	}
	// What ends one ends the other, and says why.
	c = s.compare(sleeping(t, "10"), guestDefinition(t, "exit", "3"), bench.Container)
	if a := s.wait(c.Results[0].A.Run); *a.Verdict != bench.Cancelled || !strings.Contains(*a.Error, "nonzero exit") || c.Results[0].Decision != nil {
		t.Errorf("%s: %v, %+v", *a.Verdict, a.Error, c.Results[0])
	}
}

// One command in two images, by the command line.
func TestTwoImagesAreCompared(t *testing.T) {
	sandboxtest.NeedImage(t, toolsImage)
	const other = "benchcell-test-other:1"
	docker := func(args ...string) {
		if out, err := exec.Command("docker", args...).CombinedOutput(); err != nil {
			t.Errorf("docker %v: %v, %s", args, err, out)
		}
	}
	docker("tag", toolsImage, other)
	t.Cleanup(func() { docker("rmi", other) })
	out, errs, code := orchestrate(t, "compare", "--blocks", "3", "--image-a", toolsImage, "--image-b", other, "--data", t.TempDir(), "true")
	if code != 0 || !strings.Contains(out, "true in "+other) || !strings.Contains(out, "B") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
}
