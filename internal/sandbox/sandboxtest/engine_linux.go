//go:build linux

package sandboxtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Engine is a container engine of a test's own, which it may stop: it shares
// nothing with that of the machine but the programs.
type Engine struct {
	t      testing.TB
	folder string
	cmd    *exec.Cmd
}

// NeedEngine starts an engine, without a network, or skips where none of our own
// can run. It is gone at the end of the test.
func NeedEngine(t testing.TB) *Engine {
	t.Helper()
	NeedRoot(t)
	NeedProgram(t, "dockerd")
	folder, err := os.MkdirTemp("", "bc-") // short: sockets lie below
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{t: t, folder: folder}
	t.Cleanup(e.remove)
	e.Start()
	return e
}

// Host is what DOCKER_HOST must be.
func (e *Engine) Host() string { return "unix://" + filepath.Join(e.folder, "engine.sock") }

// Start starts it, with what it had when it was stopped, and waits until it answers.
func (e *Engine) Start() {
	e.t.Helper()
	// One that was killed has left it, and its successor would wait for a process
	// that nobody has reaped.
	_ = os.Remove(e.folder + "/run/containerd/containerd.pid")
	log, err := os.OpenFile(filepath.Join(e.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		e.t.Fatal(err)
	}
	defer log.Close() // the engine has a copy
	e.cmd = exec.Command("dockerd", "--host", e.Host(), "--data-root", e.folder+"/data", "--exec-root", e.folder+"/run",
		"--pidfile", e.folder+"/pid", "--bridge=none", "--iptables=false", "--ip-forward=false", "--shutdown-timeout=1") //nolint:gosec // of our own making
	e.cmd.Stdout, e.cmd.Stderr = log, log
	// In a network of its own, or it would take down the machine's bridge.
	e.cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGTERM}
	if err := e.cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	for range 600 {
		if e.Docker("version").Run() == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	said, _ := os.ReadFile(log.Name())
	e.t.Fatalf("the engine did not come up:\n%s", said[max(len(said)-2000, 0):])
}

// Docker is a command to the client, for this engine.
func (e *Engine) Docker(args ...string) *exec.Cmd {
	return exec.Command("docker", append([]string{"--host", e.Host()}, args...)...) //nolint:gosec // a test's own
}

// Stop ends it by a signal: SIGTERM takes its containers along, SIGKILL leaves them.
func (e *Engine) Stop(sig syscall.Signal) {
	e.t.Helper()
	_ = e.cmd.Process.Signal(sig)
	_ = e.cmd.Wait()
}

// remove stops the engine and removes what it had: mounts first.
func (e *Engine) remove() {
	if e.cmd != nil && e.cmd.ProcessState == nil {
		e.Stop(syscall.SIGTERM)
	}
	text, err := os.ReadFile("/proc/self/mounts")
	if err != nil {
		e.t.Error(err)
	}
	mounts := strings.Split(string(text), "\n")
	slices.Reverse(mounts) // what lies inside first
	for _, line := range mounts {
		if f := strings.Fields(line); len(f) > 1 && strings.HasPrefix(f[1], e.folder+"/") {
			_ = syscall.Unmount(f[1], syscall.MNT_DETACH) // what is in the way shows below
		}
	}
	if err := os.RemoveAll(e.folder); err != nil {
		e.t.Error(err)
	}
}
