//go:build linux

package inside

import (
	"errors"
	"os"
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
	t.Chdir(dir)
	for _, top := range []string{"a", "0", "1"} { // two of them by the names of what is moved
		for name := top; name != ""; name = "d" {
			if err := errors.Join(os.MkdirAll(name+"/f", 0o700), os.WriteFile(name+"/f/x", nil, 0o600), syscall.Chdir(name)); err != nil {
				t.Fatal(err)
			}
			if depth, err := os.Getwd(); err == nil && len(depth) > 2*1000 {
				break
			}
		}
		if err := syscall.Chdir(dir); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.WriteFile("2", nil, 0o600), os.MkdirAll("3/x", 0o700), empty(dir)); err != nil {
		t.Error(err)
	}
	if !bare([]string{dir}) {
		t.Error("something is left")
	}
}
