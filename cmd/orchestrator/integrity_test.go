package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/runner/frame"
	"benchcell/internal/sandbox/sandboxtest"
)

// samplesOf are the stored ones, warm-ups included.
func (s *server) samplesOf(id string) []bench.Sample {
	s.t.Helper()
	var page struct{ Samples []bench.Sample }
	s.call("GET", "/runs/"+id+"/samples", "", http.StatusOK, &page)
	return page.Samples
}

// What a program says of itself, in whatever language and on whatever descriptor,
// is output: how it ended and what it took are measured from outside.
func TestNothingForgedIsStored(t *testing.T) {
	enclosed(t, sleepers, nil, func(t *testing.T, s *server, at bench.Isolation) {
		const slept = 200 // ms
		forged := frame.AppendResult(nil, &frame.Result{Status: frame.Exited, Wall: 1, ExitedAt: 1, EmptyAt: 1, SigtermAt: -1, SigkillAt: -1})
		for name, d := range map[string]bench.Definition{
			"frames": {
				Command: []string{"/work/hostile", "forge-frames", "token", hex.EncodeToString(forged)},
				Files:   []bench.File{sandboxtest.File(t, "runner-image/hostile")},
			},
			"a result": {Command: []string{"sh", "-c", `echo '{"name":"forged","samples":[0.001]}'; sleep 0.2; exit 7`}},
			"a report": {Command: []string{"sh", "-c", `echo 'BenchmarkForged 1 1 ns/op'; sleep 0.2; exit 7`}},
		} {
			d.Name = "forged"
			r := s.wait(s.submitTo(at, once(d)).ID)
			wantVerdict(t, r, bench.NonzeroExit)
			if r.ExitCode == nil || *r.ExitCode != 7 || *r.ResourceUsage.ExecutionTime < slept {
				t.Errorf("%s: exit code %v, after %v ms", name, r.ExitCode, *r.ResourceUsage.ExecutionTime)
			}
			samples := s.samplesOf(r.ID)
			if len(samples) != 1 || samples[0].Wall < slept || *samples[0].ExitCode != 7 {
				t.Errorf("%s: samples %+v", name, samples)
			}
			if r.Time.Median != nil || r.Time.N > 0 {
				t.Errorf("%s: a time was made of it: %+v", name, r.Time)
			}
		}
	})
}

// Variables of isolation.secret_env are given to trusted programs alone, and their
// values are nowhere: not in the store, not in an answer, not in the log.
func TestSecretsStayOut(t *testing.T) {
	const config = sleepers + `
[[benchmarks]]
name = "trusted"
command = ["sh", "-c", "echo ${#SECRET_OF_OURS}"]
iterations = 2
[[benchmarks]]
name = "fails"
command = ["sh", "-c", "test -z $SECRET_OF_OURS"]
iterations = 2
`
	env := []string{"SECRET_OF_OURS=" + doNotTell, "BENCHCELL_ISOLATION_SECRET_ENV=SECRET_OF_OURS"}
	enclosed(t, config, env, func(t *testing.T, s *server, at bench.Isolation) {
		r := s.wait(s.start("trusted").ID)
		if wantVerdict(t, r, bench.OK); strings.TrimSpace(r.Stdout.Tail) != fmt.Sprint(len(doNotTell)) {
			t.Errorf("a trusted program got %q", r.Stdout.Tail)
		}
		wantVerdict(t, s.wait(s.start("fails").ID), bench.NonzeroExit)
		stranger := s.wait(s.submitTo(at, once(bench.Definition{Name: "x", Command: []string{"sh", "-c", "env; cat /proc/*/environ 2> /dev/null; true"}})).ID)
		if wantVerdict(t, stranger, bench.OK); strings.Contains(stranger.Stdout.Tail, "SECRET_OF_OURS") || stranger.Stdout.Tail == "" {
			t.Errorf("a stranger got %q", stranger.Stdout.Tail)
		}
		for _, path := range []string{
			"/runs", "/runs/" + r.ID, "/runs/" + r.ID + "/samples", "/runs/" + stranger.ID, "/benchmarks", "/capabilities", "/settings", "/machine", "/audit", "/openapi.json",
		} {
			if _, _, text := s.send("GET", path, "application/json", http.NoBody); bytes.Contains(text, []byte(doNotTell)) {
				t.Errorf("%s tells it", path)
			}
		}
		s.stop(syscall.SIGTERM)
		if strings.Contains(s.stderr.String(), doNotTell) {
			t.Error("it is in the log")
		}
		wantNowhere(t, s.data, doNotTell)
	})
}

// wantNowhere looks into every file below a folder.
func wantNowhere(t *testing.T, folder, secret string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("it is in %s", path)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("%d files, %v", files, err)
	}
}

// poolIsFull tells whether all sandboxes wait: none is being made, and looked at from
// inside by a program that comes and goes.
func (s *server) poolIsFull() bool {
	var report struct{ Backends []sandbox.Capabilities }
	s.call("GET", "/capabilities", "", http.StatusOK, &report)
	return slices.ContainsFunc(report.Backends, func(c sandbox.Capabilities) bool {
		return c.Backend == bench.Process && c.Pool != nil && c.Pool.Ready == c.Pool.Most
	})
}

// A server that is killed while sandboxes wait takes them along, and its next life
// removes what else belongs to them.
func TestKilledServerWithSandboxes(t *testing.T) {
	sandboxtest.NeedRoot(t)
	group, data := groupOf(t), t.TempDir()
	config := write(t, "config.toml", sleepers+fmt.Sprintf("[isolation.process]\ncgroup_parent = %q\n", group))
	l := &lookout{t: t, group: group, temp: []string{data + "/tmp"}}
	life := func() residue {
		l.server = startServer(t, data, config)
		waitFor(t, "two sandboxes and a plain runner to wait", func() bool {
			return l.server.poolIsFull() && len(l.processes()) == 3
		})
		return l.look()
	}
	first := life()
	wantVerdict(t, l.server.wait(l.server.submitTo(bench.Process, once(bench.Definition{Name: "x", Command: []string{"true"}})).ID), bench.OK)
	l.server.stop(syscall.SIGKILL)
	waitFor(t, "the sandboxes to end", func() bool { return len(l.processes()) == 0 })
	second := life()
	for _, kind := range []string{"control groups", "processes", "temporary files"} {
		if old := len(first[kind]) - len(first.more(second, kind)); old > 0 || len(second[kind]) != len(first[kind]) {
			t.Errorf("%s: there were %q and are %q", kind, first[kind], second[kind])
		}
	}
	for _, mount := range append(first.more(second, "mounts"), second.more(first, "mounts")...) {
		if !strings.Contains(mount, "/docker/") { // of other tests at the same time
			t.Errorf("a mount of one life only: %s", mount)
		}
	}
	l.server.stop(syscall.SIGTERM)
	for kind, left := range l.look() {
		if !slices.Contains(ofTheMachine, kind) && len(left) > 0 {
			t.Errorf("%s: %q", kind, left)
		}
	}
}

// Where the configuration asks for a kernel of its own and there is none,
// strangers' code does not run at all; trusted code does.
func TestAKernelOfItsOwnOrNothing(t *testing.T) {
	enclosed(t, sleepers, []string{"BENCHCELL_UNTRUSTED_MINIMUM=own-kernel"}, func(t *testing.T, s *server, at bench.Isolation) {
		if runtimes, _ := exec.Command("docker", "info", "--format", "{{.Runtimes}}").Output(); at == bench.Container && strings.Contains(string(runtimes), "runsc") {
			t.Skip("this engine has runsc, which is what was asked for")
		}
		r := s.wait(s.submitTo(at, once(bench.Definition{Name: "x", Command: []string{"true"}})).ID)
		wantVerdict(t, r, bench.IsolationUnavailable)
		if r.Error == nil || !strings.Contains(*r.Error, "untrusted.minimum") || r.Isolation.Effective != nil || r.StartedAt == nil {
			t.Errorf("isolation %+v, error %v", r.Isolation, r.Error)
		}
		wantVerdict(t, s.wait(s.start("quick").ID), bench.OK)
	})
}
