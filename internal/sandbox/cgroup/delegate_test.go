//go:build linux

package cgroup

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
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

// Where root has run benchcell too, the groups below its parent are not ours to make.
func TestAParentOfSomebodyElse(t *testing.T) {
	sandboxtest.NeedRoot(t)
	p, err := mounted()
	if err != nil {
		t.Fatal(err)
	}
	p.parent = fmt.Sprintf("/benchcell-test-%d-parent", os.Getpid())
	if err := p.prepare(); err != nil {
		t.Fatal(err)
	}
	for _, mount := range append(slices.Collect(maps.Values(p.v1)), p.unified) {
		t.Cleanup(func() { _ = os.Remove(filepath.Join(mount, p.parent)) }) // some are mounted together
	}
	t.Setenv("PARENT", p.parent)
	out, err := asUser(t, "", "TestSomebodyElsesChild")
	if err != nil || !strings.Contains(out, "--- PASS") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestSomebodyElsesChild(t *testing.T) {
	child(t)
	if p, err := Find(os.Getenv("PARENT")); err == nil {
		t.Errorf("groups can be made in %+v", p)
	}
}

// asUser runs one test of this binary as an ordinary user, in a group if one is named.
func asUser(t *testing.T, group, test string) (string, error) {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "benchcell-user-") // where others get to
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	self := filepath.Join(dir, "test")
	content, err := os.ReadFile("/proc/self/exe")
	if err := errors.Join(err, os.Chmod(dir, 0o755), os.WriteFile(self, content, 0o755)); err != nil { //nolint:gosec // others run it
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.v", "-test.run", "^"+test+"$") //nolint:gosec // this very test
	cmd.Env = append(os.Environ(), "CHILD=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: ordinaryUser, Gid: ordinaryUser}}
	if group != "" {
		folder, err := os.Open(group)
		if err != nil {
			t.Fatal(err)
		}
		defer folder.Close()
		cmd.SysProcAttr.UseCgroupFD, cmd.SysProcAttr.CgroupFD = true, int(folder.Fd())
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
