package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/hostile"
	"benchcell/internal/sandbox/sandboxtest"
)

var (
	weakenAll  = flag.Bool("weaken", false, "TestWeakened tries every case at every boundary, not one for each defence of a process")
	weakenOnly = flag.String("boundary", "", "and at this boundary alone")
)

// weakened builds the program with a runner that can be weakened, as it can itself.
func weakened(t *testing.T) string {
	t.Helper()
	needPrograms(t)
	sandboxtest.NeedProgram(t, "go")
	dir := t.TempDir()
	build := func(out, pkg string, more ...string) {
		cmd := exec.Command("go", append(append([]string{"build", "-tags", "weaken", "-trimpath", "-ldflags=-s -w", "-o", out}, more...), pkg)...) //nolint:gosec // our own
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
	}
	runner, program, overlay := filepath.Join(dir, "runner"), filepath.Join(dir, "orchestrator"), filepath.Join(dir, "overlay.json")
	build(runner, "benchcell/runner-image/runner")
	text, err := json.Marshal(map[string]any{"Replace": map[string]string{realPath(t, "../../runner-image/bin/runner"): runner}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		t.Fatal(err)
	}
	build(program, "benchcell/cmd/orchestrator", "-overlay", overlay)
	return program
}

// attack is what stops some cases at a boundary.
type attack struct {
	boundary hostile.Boundary
	defence  string
}

// A case that can't fail proves nothing: with its defence switched off each one
// gets through.
func TestWeakened(t *testing.T) {
	sandboxtest.NeedRoot(t)
	program := weakened(t)
	t.Setenv("BENCHCELL_ISOLATION_PROCESS_CGROUP_PARENT", groupOf(t))
	red, tried := 0, 0
	for a, cases := range attacks() {
		for _, c := range weakenedSelftest(t, program, a, cases) {
			tried++
			switch {
			case c.Result == bench.Failed && !strings.HasPrefix(c.Reason, hostile.Unfit):
				red++
			case c.Result != bench.NotApplicable:
				t.Errorf("%s at %s without the defence %q: %s, %s", c.Case, c.Backend, a.defence, c.Result, c.Reason)
			}
		}
	}
	t.Logf("%d of %d cases failed without their defence", red, tried)
}

// attacks lists what to switch off, and the cases that it must let through.
func attacks() map[attack][]string {
	list := map[attack][]string{}
	for _, c := range hostile.All() {
		for _, b := range c.On {
			a := attack{b, c.DefenceAt(b)}
			if a.defence == "" {
				continue
			}
			if *weakenOnly != "" && *weakenOnly != string(b) {
				continue
			}
			if *weakenAll || (b != hostile.Container && len(list[a]) == 0) {
				list[a] = append(list[a], c.Name)
			}
		}
	}
	return list
}

func weakenedSelftest(t *testing.T, program string, a attack, cases []string) []bench.SelfTestCase {
	t.Helper()
	cmd := exec.Command(program, "doctor", "--selftest", "--json", "--backend", string(a.boundary), "--case", strings.Join(cases, ",")) //nolint:gosec // our own
	cmd.Env = append(os.Environ(), "BENCHCELL_WEAKEN="+a.defence)
	var errs strings.Builder
	cmd.Stderr = &errs
	onTerminal(t, cmd)
	out, _ := cmd.Output() // it exits with 1, which is the point
	var result bench.SelfTest
	if err := json.Unmarshal(out, &result); err != nil || len(result.Cases) != len(cases) {
		t.Fatalf("%v without %q: %v in %s\n%s", cases, a.defence, err, out, errs.String())
	}
	for _, c := range result.Cases {
		t.Logf("%s at %s without %q: %s: %.200s", c.Case, c.Backend, a.defence, c.Result, c.Reason)
	}
	return result.Cases
}

// onTerminal gives a command a terminal of its own, as a server has that somebody
// starts by hand.
func onTerminal(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	const unlock, number = 0x40045431, 0x80045430 // TIOCSPTLCK, TIOCGPTN
	main, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = main.Close() })
	n, err := unix.IoctlGetInt(int(main.Fd()), number)
	if err := errors.Join(err, unix.IoctlSetPointerInt(int(main.Fd()), unlock, 0)); err != nil {
		t.Fatal(err)
	}
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = terminal.Close() })
	cmd.Stdin, cmd.SysProcAttr = terminal, &syscall.SysProcAttr{Setsid: true, Setctty: true} // descriptor 0
}

// groupOf is a parent for control groups of the test's own, gone at its end.
func groupOf(t *testing.T) string {
	t.Helper()
	parent := fmt.Sprintf("/benchcell-test-%d-%s", os.Getpid(), t.Name())
	t.Cleanup(func() {
		groups, _ := filepath.Glob("/sys/fs/cgroup/*" + parent)
		for _, dir := range slices.Concat(groups, []string{"/sys/fs/cgroup" + parent}) {
			if err := os.Remove(dir); err != nil && !os.IsNotExist(err) {
				t.Errorf("a control group is left: %v", err)
			}
		}
	})
	return parent
}
