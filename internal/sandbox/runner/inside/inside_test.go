//go:build linux

package inside

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

func TestParseStat(t *testing.T) {
	const tail = " 1 4 4 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 99 0"
	for text, want := range map[string]process{
		"4 (sh) S 77 4" + tail[4:]:         {pid: 4, parent: 77, waited: 15 * tick, born: 12345},
		"4 (a b) c) (x) R 1 4" + tail[4:]:  {pid: 4, parent: 1, waited: 15 * tick, born: 12345},
		"4 (ends with )) T 5 4" + tail[4:]: {pid: 4, parent: 5, waited: 15 * tick, born: 12345},
		// The first thread has ended and another has not.
		"4 (x) Z 1 4 4 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 2 0 12345 99 0": {pid: 4, parent: 1, waited: 15 * tick, born: 12345},
	} {
		if got, ok := parseStat(4, []byte(text)); !ok || got != want {
			t.Errorf("%q: %+v %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "4", "4 (x)", "4 (x) Z 1 4" + tail[4:], "4 (x) S", "4 (x) S 1 2", "4 (x S 1 2 3"} {
		if got, ok := parseStat(4, []byte(text)); ok {
			t.Errorf("%q was read as %+v", text, got)
		}
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte("4 (sh) S 77 4 4 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 99 0"))
	f.Fuzz(func(_ *testing.T, text []byte) { parseStat(1, text) })
}

func TestOwnProcessIsSeen(t *testing.T) {
	self, ok := stat(os.Getpid())
	if !ok || self.parent != os.Getppid() || self.born == 0 {
		t.Errorf("%+v %v", self, ok)
	}
	for _, p := range processes() {
		if p == self {
			return
		}
	}
	t.Error("this process is not among the processes")
}

func TestLookup(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("#!/bin/true\n"), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	tool, plain := write("bin/tool", 0o755), write("bin/plain", 0o644)
	if err := os.Mkdir(dir+"/bin/folder", 0o755); err != nil {
		t.Fatal(err)
	}
	env := []string{"HOME=/", "PATH=relative::" + dir + "/none:" + dir + "/bin"}
	for name, want := range map[string]struct {
		path  string
		errno syscall.Errno
	}{
		"tool":    {tool, 0},
		"plain":   {"", syscall.EACCES},
		"folder":  {"", syscall.EACCES},
		"missing": {"", syscall.ENOENT},
		"":        {"", syscall.ENOENT},
		"./x":     {"./x", 0},
		plain:     {plain, 0},
	} {
		if path, errno := lookup(name, env); path != want.path || errno != want.errno {
			t.Errorf("%q: %q, %v", name, path, errno)
		}
	}
	if _, errno := lookup("tool", nil); errno != syscall.ENOENT {
		t.Errorf("without PATH: %v", errno)
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 7: "7", 10: "10", 9876543210: "9876543210"} {
		if got := string(appendNumber(nil, n)); got != want {
			t.Errorf("%d as %q", n, got)
		}
		if got, used := number([]byte(" \t" + want + "x")); got != n || used != len(want)+2 {
			t.Errorf("%q as %d after %d bytes", want, got, used)
		}
	}
	if statusField([]byte("VmPeak:\t1 kB\nVmHWM:\t  1716 kB\n"), "VmHWM:") != 1716 {
		t.Error("VmHWM was not found")
	}
	if ownPeak() < 1<<20 || cpus() < 1 || now() <= 0 {
		t.Errorf("peak %d, processors %d, now %d", ownPeak(), cpus(), now())
	}
}

func TestCoresAreGivenBack(t *testing.T) {
	runtime.LockOSThread() // and never unlocked: the thread ends with its processors
	var all, got cpuMask
	affinity(syscall.SYS_SCHED_GETAFFINITY, &all)
	first := int64(0)
	for all[first/8]&(1<<(first%8)) == 0 {
		first++
	}
	var c cores
	for _, want := range []struct {
		cpus []int64
		mask cpuMask
	}{{nil, all}, {[]int64{first}, maskOf([]int64{first})}, {nil, all}, {[]int64{1 << 40}, all}} {
		c.take(want.cpus)
		affinity(syscall.SYS_SCHED_GETAFFINITY, &got)
		if got != want.mask {
			t.Errorf("told %v, the kernel has %v", want.cpus, got[:8])
		}
	}
}
