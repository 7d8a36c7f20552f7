//go:build linux

package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/sandboxtest"
)

// somebody is an ordinary user, who need not exist.
const somebody = 31337

// An ordinary user with user namespaces gets the same sandbox, for trusted code;
// strangers' needs limits that nothing enforces without a control group.
func TestSandboxOfAnOrdinaryUser(t *testing.T) {
	if os.Geteuid() == somebody {
		ordinary(t)
		return
	}
	sandboxtest.NeedRoot(t)
	dir := open755(t)
	for _, pkg := range []string{"runner-image/runner", "internal/sandbox/sandboxtest/guest"} {
		copyFile(t, sandboxtest.Build(t, pkg), filepath.Join(dir, filepath.Base(pkg)))
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	copyFile(t, self, filepath.Join(dir, "test"))
	cmd := exec.Command(filepath.Join(dir, "test"), "-test.v", "-test.run", "^TestSandboxOfAnOrdinaryUser$")
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "BENCHCELL_PROGRAMS=" + dir, "TMPDIR=" + filepath.Join(dir, "tmp")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: somebody, Gid: somebody}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// open755 is a folder that others can enter, with one that they can write to.
func open755(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "benchcell-ordinary-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	tmp := filepath.Join(dir, "tmp")
	for _, err := range []error{os.Chmod(dir, 0o755), os.Mkdir(tmp, 0o700), os.Chown(tmp, somebody, somebody)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	content, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, content, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func ordinary(t *testing.T) {
	b := start(t, func(c *Config) { sandboxed(c); withoutGroups(c) })
	session, err := open(t, b, nil)
	if bench.CodeOf(err) == bench.CodeUnavailable {
		sandboxtest.Need(t, "user namespaces", err.Error())
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	sandboxtest.Suite(t, sandboxtest.Subject{
		Backend: b, Guest: "/work/guest", Files: []bench.File{sandboxtest.GuestFile(t)}, Trusted: true, Root: true, Cores: "sched_setaffinity",
	})
	_, err = open(t, b, func(s *sandbox.Spec) { s.Trusted, s.Strict = false, s.Limits.Stated() })
	if bench.CodeOf(err) != bench.CodeUnavailable || !strings.Contains(err.Error(), "memory") {
		t.Errorf("strangers' code without control groups: %v", err)
	}
	if c := b.Probe(t.Context()); c.Untrusted {
		t.Error("it is said to be fit for strangers' code")
	}
	closedFolder(t)
}

// closedFolder: where the folder is closed to us, nobody is told to look at the program.
func closedFolder(t *testing.T) {
	session, err := open(t, start(t, withoutGroups), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	dir := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(dir, 0); err != nil {
		t.Fatal(err)
	}
	o, err := session.Run(t.Context(), sandbox.Exec{Argv: []string{"true"}, Env: os.Environ(), Dir: dir, Timeout: time.Minute})
	if err != nil || o.Verdict != bench.StartFailed || !strings.Contains(o.Reason, "working folder "+dir) {
		t.Errorf("%v, %+v", err, o)
	}
}
