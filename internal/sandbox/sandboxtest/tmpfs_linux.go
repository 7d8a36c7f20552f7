package sandboxtest

import (
	"testing"

	"golang.org/x/sys/unix"
)

// Tmpfs is a folder of its own of some size, as mount has it: "4m".
func Tmpfs(t *testing.T, size string) (dir string) {
	t.Helper()
	NeedRoot(t)
	dir = t.TempDir()
	if err := unix.Mount("benchcell-test", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}
