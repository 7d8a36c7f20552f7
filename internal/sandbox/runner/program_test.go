//go:build linux

package runner

import (
	"io"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// Where a process may open hardly any files, that is why there is no runner.
func TestFewFilesAreNamedAsTheCause(t *testing.T) {
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	few := before
	few.Cur = 60
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &few); err != nil {
		t.Fatal(err)
	}
	_, err := NewProgram("x", io.NewSectionReader(strings.NewReader("x"), 0, 1))
	if err2 := unix.Setrlimit(unix.RLIMIT_NOFILE, &before); err2 != nil {
		t.Fatal(err2)
	}
	if err == nil || !strings.Contains(err.Error(), "ulimit -n") {
		t.Errorf("%v", err)
	}
}
