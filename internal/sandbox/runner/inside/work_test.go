//go:build linux

package inside

import (
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
