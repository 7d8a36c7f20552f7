package main

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/sandboxtest"
)

// engineless runs the program where no engine answers.
func engineless(t *testing.T, env []string, args ...string) []bench.Run {
	t.Helper()
	cmd := exec.Command(orchestrator(t), append([]string{"run", "--json", "--isolation", "container", "--data", t.TempDir()}, args...)...)
	cmd.Env = append(append(os.Environ(), "DOCKER_HOST=unix:///nonexistent/docker.sock"), env...)
	out, _ := cmd.Output() // the exit code is 1 where a verdict is not ok
	return runsOf(t, string(out))
}

// Without an engine a trusted benchmark falls back and says so, if that is
// configured; nothing else runs, and the run tells what mends it.
func TestNoEngine(t *testing.T) {
	for _, args := range [][]string{{"sha-256-of-8-mib"}, {"--", "true"}} {
		r := engineless(t, nil, args...)[0]
		wantVerdict(t, r, bench.OK)
		if *r.Isolation.Effective != bench.Process || r.Isolation.FallbackReason == nil ||
			!strings.Contains(*r.Isolation.FallbackReason, "no container engine answers at unix:///nonexistent/docker.sock") {
			t.Errorf("%v: isolation %+v", args, r.Isolation)
		}
	}
	for name, r := range map[string]bench.Run{
		"without fallback": engineless(t, []string{"BENCHCELL_ISOLATION_FALLBACK=false"}, "sha-256-of-8-mib")[0],
		"a stranger's":     engineless(t, nil, "--untrusted", "--", "true")[0],
	} {
		wantVerdict(t, r, bench.IsolationUnavailable)
		if r.Isolation.Effective != nil || r.Error == nil || !strings.Contains(*r.Error, "systemctl start docker") {
			t.Errorf("%s: isolation %+v, error %v", name, r.Isolation, r.Error)
		}
	}
}

// A server without an engine takes a stranger's run and ends it with the reason.
func TestServerWithoutEngine(t *testing.T) {
	s := startServer(t, t.TempDir(), write(t, "config.toml", sleepers), "DOCKER_HOST=unix:///nonexistent/docker.sock")
	r := s.try(bench.Definition{Name: "x", Command: []string{"true"}})
	wantVerdict(t, r, bench.IsolationUnavailable)
	if r.Error == nil || !strings.Contains(*r.Error, "DOCKER_HOST") {
		t.Errorf("error %v", r.Error)
	}
	wantVerdict(t, s.wait(s.start("quick").ID), bench.OK)
}

// fakeEngine answers on a socket as an engine of a version of the API does.
func fakeEngine(t *testing.T, socket, api string) {
	t.Helper()
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Api-Version", api)
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"ServerVersion": "17.05.0-ce", "Architecture": "x86_64", "OSType": "linux"}`)
	})}
	go func() { _ = server.Serve(listener) }() // until it is closed
	t.Cleanup(func() { _ = server.Close() })
}

// doctorOf asks doctor about containers, as a user, with an engine's socket.
func doctorOf(t *testing.T, program, socket string, as *syscall.Credential) sandbox.Capabilities {
	t.Helper()
	cmd := exec.Command(program, "doctor", "--json")
	cmd.Dir = "/"
	cmd.Env = []string{"DOCKER_HOST=unix://" + socket, "PATH=/usr/bin:/bin", "HOME=/"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	out, err := cmd.Output()
	var d diagnosis
	if err != nil || json.Unmarshal(out, &d) != nil {
		t.Fatalf("doctor: %v: %s", err, out)
	}
	for _, c := range d.Backends {
		if c.Backend == bench.Container {
			return c
		}
	}
	t.Fatalf("doctor says nothing of containers: %s", out)
	return sandbox.Capabilities{}
}

// Doctor says what keeps this user from using the engine, and what mends it.
func TestDoctorAboutTheEngine(t *testing.T) {
	folder := openFolder(t)
	program := filepath.Join(folder, "orchestrator")
	if err := os.Link(realPath(t, orchestrator(t)), program); err != nil {
		t.Skip(err) // the test binary is on another file system
	}
	old, closed := filepath.Join(folder, "old.sock"), filepath.Join(folder, "closed.sock")
	fakeEngine(t, old, "1.30")
	fakeEngine(t, closed, "1.41")
	if err := os.Chmod(closed, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		socket         string
		as             *syscall.Credential
		reason, remedy string
	}{
		"no engine":     {filepath.Join(folder, "none.sock"), nil, "no container engine answers at unix://" + folder, "systemctl start docker"},
		"too old":       {old, nil, "17.05.0-ce speaks API 1.30", "Docker Engine 20.10 or newer"},
		"no permission": {closed, &syscall.Credential{Uid: 65534, Gid: 65534}, "may not use the container engine", "group docker"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.as != nil {
				sandboxtest.NeedRoot(t) // to be somebody else
			}
			found := doctorOf(t, program, c.socket, c.as)
			if found.Available || !strings.Contains(found.Reason, c.reason) || !strings.Contains(found.Remedy, c.remedy) {
				t.Errorf("doctor says %+v", found)
			}
		})
	}
}

// openFolder is one that every user may look into.
func openFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "benchcell-open-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil { //nolint:gosec // it is meant to be
		t.Fatal(err)
	}
	return folder
}

func realPath(t *testing.T, link string) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(link)
	if err != nil {
		t.Fatal(err)
	}
	return path
}
