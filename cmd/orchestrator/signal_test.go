package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"benchcell/internal/sandbox/sandboxtest"
)

// command is the program with arguments, in a folder for temporary ones of its own.
func command(t *testing.T, temp string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(orchestrator(t), args...)
	cmd.Env = append(os.Environ(), "TMPDIR="+temp)
	t.Cleanup(func() {
		if cmd.Process != nil && cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return cmd
}

func wantEmpty(t *testing.T, folder string) {
	t.Helper()
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// An import from a pipe that nobody writes to ends when it is told to.
func TestImportFromAPipeIsStopped(t *testing.T) {
	dir := t.TempDir()
	cmd := command(t, dir, "import", "--data", filepath.Join(dir, "data"), "-")
	silent, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	var said strings.Builder
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := silent.Write(make([]byte, 1<<20)); err != nil { // more than a pipe holds: it reads
		t.Fatal(err)
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	if _ = cmd.Wait(); cmd.ProcessState.ExitCode() != exitNotOK || !strings.Contains(said.String(), "nothing was stored") {
		t.Errorf("%v, %q", cmd.ProcessState, said.String())
	}
}

// What a killed self-test has left goes with the next one.
func TestAKilledSelftestIsClearedUp(t *testing.T) {
	sandboxtest.NeedRoot(t)
	temp, parent := t.TempDir(), groupOf(t) // which must be empty at the end
	t.Setenv("BENCHCELL_ISOLATION_PROCESS_CGROUP_PARENT", parent)
	args := []string{"doctor", "--selftest", "--backend", "process", "--case", "sleep-forever", "--data", t.TempDir()}
	first := command(t, temp, args...)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the program to run", func() bool {
		found, _ := filepath.Glob("/sys/fs/cgroup/*" + parent + "/selftest-*/*")
		more, _ := filepath.Glob("/sys/fs/cgroup" + parent + "/selftest-*/d*")
		return len(found)+len(more) > 0
	})
	_ = first.Process.Kill()
	_ = first.Wait()
	if out, err := command(t, temp, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	wantEmpty(t, temp)
}

// Nobody's repository keeps a folder of a comparison that was stopped, also while git
// makes it, nor for long one of a comparison that was killed.
func TestAStoppedComparisonLeavesNoWorktree(t *testing.T) {
	repository := repository(t, "2024-01-01T00:00:00Z")
	temp, data := t.TempDir(), t.TempDir()
	compare := func(argv ...string) *exec.Cmd {
		cmd := command(t, temp, append([]string{"compare", "--blocks", "3", "--rev-a", "v1", "--rev-b", "HEAD", "--data", data, "--"}, argv...)...)
		cmd.Dir = repository
		return cmd
	}
	stopped := func(sig syscall.Signal, when string) {
		cmd := compare("sh", "-c", "sleep 60; : {rev}")
		before, _ := filepath.Glob(filepath.Join(temp, when))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitFor(t, when, func() bool {
			now, _ := filepath.Glob(filepath.Join(temp, when))
			return slices.ContainsFunc(now, func(path string) bool { return !slices.Contains(before, path) })
		})
		_ = cmd.Process.Signal(sig)
		_ = cmd.Wait()
	}
	stopped(syscall.SIGKILL, "*/b/file")
	slow := write(t, "slow.sh", "#!/bin/sh\nsleep 5\ncat\n")
	if err := os.Chmod(slow, 0o700); err != nil { //nolint:gosec // git executes it
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(repository, ".git/info/attributes"), []byte("file filter=slow\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	inRepository(t, repository, "", "config filter.slow.smudge "+slow)
	stopped(syscall.SIGTERM, "*/a/.git")
	inRepository(t, repository, "", "config filter.slow.smudge cat")
	if out, err := compare("true", "{rev}").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	wantEmpty(t, temp)
	if list := inRepository(t, repository, "", "worktree list"); strings.Contains(list, "\n") {
		t.Errorf("worktrees:\n%s", list)
	}
}
