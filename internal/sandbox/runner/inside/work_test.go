//go:build linux

package inside

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"benchcell/internal/sandbox/sandboxtest"
)

func TestAFolderIsBareWhenNothingAtAllLiesInIt(t *testing.T) {
	if bare([]string{"/proc"}) || bare(nil) {
		t.Error("bare is what can't be known")
	}
	dir := sandboxtest.Tmpfs(t, "1m")
	in := func(name string) string { return filepath.Join(dir, name) }
	if !bare([]string{dir}) {
		t.Error("a new one is not bare")
	}
	for name, put := range map[string]func() error{
		"a file":   func() error { return os.WriteFile(in("x"), nil, 0o600) },
		"a folder": func() error { return os.Mkdir(in("x"), 0o700) },
		"a link":   func() error { return os.Symlink("y", in("x")) },
		"a pipe":   func() error { return syscall.Mkfifo(in("x"), 0o600) },
	} {
		if err := put(); err != nil {
			t.Fatal(err)
		}
		if bare([]string{dir}) {
			t.Errorf("%s is not seen", name)
		}
		if err := os.Remove(in("x")); err != nil {
			t.Fatal(err)
		}
		if !bare([]string{dir}) {
			t.Errorf("%s is seen after it is gone", name)
		}
	}
	if bare([]string{dir, "/proc"}) {
		t.Error("one of two is no tmpfs")
	}
}

// However deep a program has gone, its folder is empty afterwards.
func TestAFolderIsEmptied(t *testing.T) {
	dir := sandboxtest.Tmpfs(t, "16m")
	run := exec.Command("sh", "-c", `
		for top in a 0 1; do
			mkdir $top; cd $top
			i=0; while [ $i -lt 1000 ]; do mkdir d f; : > f/x; cd d; i=$((i + 1)); done
			cd "$0"
		done
		: > 2; mkdir 3 3/x`, dir)
	run.Dir = dir
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := empty(dir); err != nil || !bare([]string{dir}) {
		t.Errorf("something is left: %v", err)
	}
}
