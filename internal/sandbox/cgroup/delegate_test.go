//go:build linux

package cgroup

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/sandboxtest"
)

const ordinaryUser = 1000

// An ordinary user with a delegated v2 subtree gets all that root gets: the
// server moves into a leaf, and groups beside it have limits.
func TestDelegatedUser(t *testing.T) {
	sandboxtest.NeedRoot(t)
	p, err := mounted()
	if err != nil {
		t.Fatal(err)
	}
	if p.Mode != V2 {
		t.Skip("it takes a pure v2 kernel: scripts/cgroup2.sh has one")
	}
	dir := filepath.Join(p.unified, "delegated.scope")
	if err := handDown(p.unified, "/"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"} {
		if err := os.Chown(filepath.Join(dir, name), ordinaryUser, ordinaryUser); err != nil {
			t.Fatal(err)
		}
	}
	out, err := asUser(t, dir, "TestDelegatedChild")
	if err != nil || !strings.Contains(out, "--- PASS") {
		t.Errorf("%v\n%s", err, out)
	}
}

// Without one, the reason says how to get it.
func TestUserWithoutDelegation(t *testing.T) {
	sandboxtest.NeedRoot(t)
	p, err := mounted()
	if err != nil {
		t.Fatal(err)
	}
	if p.Mode != V2 {
		t.Skip("it takes a pure v2 kernel: scripts/cgroup2.sh has one")
	}
	out, err := asUser(t, p.unified, "TestUndelegatedChild")
	if err != nil || !strings.Contains(out, "--- PASS") {
		t.Errorf("%v\n%s", err, out)
	}
}

// asUser runs one test of this binary as an ordinary user in a group.
func asUser(t *testing.T, group, test string) (string, error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.Open(group)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	cmd := exec.Command(self, "-test.v", "-test.run", "^"+test+"$") //nolint:gosec // this very test
	cmd.Env = append(os.Environ(), "CHILD=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential:  &syscall.Credential{Uid: ordinaryUser, Gid: ordinaryUser},
		UseCgroupFD: true, CgroupFD: int(folder.Fd()),
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func child(t *testing.T) {
	t.Helper()
	if os.Getenv("CHILD") == "" {
		t.Skip("runs as the child of another test")
	}
}

func TestDelegatedChild(t *testing.T) {
	child(t)
	for range 2 { // the second time we are in the leaf already
		p, err := Find("")
		if err != nil {
			t.Fatal(err)
		}
		if p.Parent() != "/delegated.scope/benchcell" {
			t.Errorf("groups are made below %s", p.Parent())
		}
		want := bench.Limits{Memory: 64 << 20, CPUs: 0.5, Pids: 20}
		g, err := p.Create("one", want)
		if err != nil {
			t.Fatal(err)
		}
		if e := g.ReadBack(); e.Limits != want {
			t.Errorf("in force is %+v", e.Limits)
		}
		if err := g.Delete(); err != nil {
			t.Error(err)
		}
	}
}

func TestUndelegatedChild(t *testing.T) {
	child(t)
	if _, err := Find(""); err == nil || !strings.Contains(err.Error(), "Delegate=yes") {
		t.Errorf("error %v", err)
	}
}
