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

// What can't be run is refused where it is asked for, or ends with a verdict
// that says what is wrong and what mends it.
func TestWhatContainersRefuse(t *testing.T) {
	s := containerServer(t, sleepers)
	t.Run("at the door", func(t *testing.T) {
		for says, change := range map[string]func(*bench.Definition){
			"limits.memory": func(d *bench.Definition) { d.Limits.Memory = 1 << 20 },
			"limits.memory is 1073741824: it must be at most 536870912": func(d *bench.Definition) { d.Limits.Memory = 1 << 30 },
			"limits.cpus is 64: it must be at most 1":                   func(d *bench.Definition) { d.Limits.CPUs = 64 },
			"limits.pids": func(d *bench.Definition) { d.Limits.Pids = -1 },
			"files[0]":    func(d *bench.Definition) { d.Files = []bench.File{{Path: "/etc/passwd"}} },
		} {
			d := bench.Definition{Name: "x", Command: []string{"true"}}
			change(&d)
			body, err := json.Marshal(map[string]any{"definition": d})
			if err != nil {
				t.Fatal(err)
			}
			var problem json.RawMessage
			s.call("POST", "/runs", string(body), http.StatusUnprocessableEntity, &problem)
			if !strings.Contains(string(problem), says) {
				t.Errorf("want %s, got %s", says, problem)
			}
		}
	})
	t.Run("no such program", func(t *testing.T) {
		r := s.try(once(bench.Definition{Name: "x", Command: []string{"no-such-program"}}))
		wantVerdict(t, r, bench.StartFailed)
		if r.Error == nil || !strings.Contains(*r.Error, "no-such-program was not found in PATH") {
			t.Errorf("error %v", r.Error)
		}
	})
	t.Run("an image that is not allowed", func(t *testing.T) {
		r := s.try(once(bench.Definition{Name: "x", Command: []string{"true"}, Image: "debian:bookworm-slim"}))
		wantVerdict(t, r, bench.StartFailed)
		if r.Error == nil || !strings.Contains(*r.Error, `image "debian:bookworm-slim" is not among those`) ||
			!strings.Contains(*r.Error, "isolation.container.allowed") {
			t.Errorf("error %v", r.Error)
		}
	})
	t.Run("files that do not fit", func(t *testing.T) {
		d := once(bench.Definition{Name: "x", Command: []string{"true"}, Files: []bench.File{{Path: "large", Content: strings.Repeat("x", 2<<20)}}})
		d.Limits.Disk = 1 << 20
		r := s.try(d)
		wantVerdict(t, r, bench.StartFailed)
		if r.Error == nil || !strings.Contains(*r.Error, "file large can't be written to /work: file too large") {
			t.Errorf("error %v", r.Error)
		}
	})
}

// The operator's own mistakes show in the run, where nothing weaker may be used.
func TestWhatTheMachineCannotGive(t *testing.T) {
	sandboxtest.NeedImage(t, toolsImage)
	for name, c := range map[string]struct {
		env  string
		args []string
		want bench.Verdict
		says []string
	}{
		"an image that is nowhere": {
			"X=",
			[]string{"--image", "registry.invalid/no/such-image"},
			bench.IsolationUnavailable,
			[]string{"no image registry.invalid/no/such-image and could not pull it", "docker pull"},
		},
		"an image that is no name": {
			"X=", []string{"--image", "Not An Image"}, bench.IsolationUnavailable, []string{"Not An Image"},
		},
		"more memory than there is": {
			"BENCHCELL_LIMITS_MEMORY=900GiB", nil, bench.IsolationUnavailable, []string{"limits.memory is 966367641600 bytes", "lower limits.memory"},
		},
		"more processors than there are": {
			"BENCHCELL_LIMITS_CPUS=1000", nil, bench.IsolationUnavailable, []string{"limits.cpus is 1000", "lower limits.cpus"},
		},
		"a runtime that is not there": {
			"BENCHCELL_ISOLATION_CONTAINER_RUNTIME=no-such-runtime", nil, bench.IsolationUnavailable,
			[]string{`no runtime "no-such-runtime"`, "isolation.container.runtime"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"run", "--json", "--isolation", "container", "--data", t.TempDir()}, c.args...)
			cmd := exec.Command(orchestrator(t), append(args, "--", "true")...)
			cmd.Env = append(cmd.Environ(), "BENCHCELL_ISOLATION_FALLBACK=false", c.env)
			out, _ := cmd.Output() // the exit code is 1, the verdict is what counts
			r := runsOf(t, string(out))[0]
			wantVerdict(t, r, c.want)
			for _, want := range c.says {
				if r.Error == nil || !strings.Contains(*r.Error, want) {
					t.Errorf("want %q in %v", want, *r.Error)
				}
			}
		})
	}
}
