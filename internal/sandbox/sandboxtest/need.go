// Package sandboxtest is one suite for every backend, so that all of them keep
// the same promises, and what tests need to run on a real machine.
package sandboxtest

import (
	"bytes"
	"encoding/base64"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"benchcell/internal/bench"
)

// Need skips a test with the reason, or fails it where BENCHCELL_REQUIRE names
// what is missing: a check that did not run is not a pass.
func Need(t testing.TB, what, reason string) {
	t.Helper()
	required := strings.Split(os.Getenv("BENCHCELL_REQUIRE"), ",")
	if slices.Contains(required, what) || slices.Contains(required, "all") {
		t.Fatalf("BENCHCELL_REQUIRE asks for %s: %s", what, reason)
	}
	t.Skip(reason)
}

// NeedRoot skips unless the test runs as root.
func NeedRoot(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		Need(t, "root", "only root may create control groups here")
	}
}

// NeedProgram skips unless the machine has a program.
func NeedProgram(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Need(t, name, name+" is not installed")
	}
	return path
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "benchcell-programs-")
	return dir, err
})

var built sync.Map

// Build compiles one of our programs, once in a test binary, and returns its
// path. pkg is a path in the module, like "runner-image/runner". Where there is
// no compiler, BENCHCELL_PROGRAMS names a folder that has them.
func Build(t testing.TB, pkg string) string {
	t.Helper()
	if dir := os.Getenv("BENCHCELL_PROGRAMS"); dir != "" {
		return filepath.Join(dir, filepath.Base(pkg))
	}
	dir, err := build()
	if err != nil {
		t.Fatal(err)
	}
	once, _ := built.LoadOrStore(pkg, sync.OnceValue(func() error {
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", dir+"/", "benchcell/"+pkg) //nolint:gosec // our own
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return &buildError{string(out)}
		}
		return nil
	}))
	if err := once.(func() error)(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, filepath.Base(pkg))
}

type buildError struct{ out string }

func (e *buildError) Error() string { return "go build: " + e.out }

// Main runs the tests of a package and removes what Build made.
func Main(m *testing.M) int {
	code := m.Run()
	if dir, err := build(); err == nil {
		_ = os.RemoveAll(dir)
	}
	return code
}

// Program is the executable of a main package of this module.
func Program(t testing.TB, pkg string) *io.SectionReader {
	t.Helper()
	executable, err := os.ReadFile(Build(t, pkg))
	if err != nil {
		t.Fatal(err)
	}
	return io.NewSectionReader(bytes.NewReader(executable), 0, int64(len(executable)))
}

// File is one of our programs as a file for a boundary's /work, under the last part
// of its package's path.
func File(t testing.TB, pkg string) bench.File {
	t.Helper()
	executable, err := os.ReadFile(Build(t, pkg))
	if err != nil {
		t.Fatal(err)
	}
	return bench.File{Path: path.Base(pkg), Content: base64.StdEncoding.EncodeToString(executable), Encoding: "base64", Executable: true}
}

// GuestFile is the guest program as a file for a boundary's /work.
func GuestFile(t testing.TB) bench.File {
	t.Helper()
	return File(t, "internal/sandbox/sandboxtest/guest")
}

// NeedImage skips unless the machine's engine has an image.
func NeedImage(t testing.TB, name string) {
	t.Helper()
	NeedProgram(t, "docker")
	if err := exec.CommandContext(t.Context(), "docker", "image", "inspect", name).Run(); err != nil { //nolint:gosec // a name of ours
		Need(t, "image", "the engine has no image "+name+": make it with 'make image'")
	}
}
