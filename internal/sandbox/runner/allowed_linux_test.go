package runner

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// What is listed is what the kernel lists in the status of the same process.
func TestAllowedIsAsTheKernelListsIt(t *testing.T) {
	runtime.LockOSThread() // and never unlocked: the thread ends with the test
	thread := unix.Gettid()
	var all unix.CPUSet
	if err := unix.SchedGetaffinity(thread, &all); err != nil {
		t.Fatal(err)
	}
	sets := []unix.CPUSet{all}
	for id := range runtime.NumCPU() {
		if all.IsSet(id) { // without this one, and this one alone
			less, one := all, unix.CPUSet{}
			less.Clear(id)
			one.Set(id)
			sets = append(sets, less, one)
		}
	}
	for _, set := range sets {
		if set.Count() == 0 {
			continue
		}
		if err := unix.SchedSetaffinity(thread, &set); err != nil {
			t.Fatal(err)
		}
		status, err := os.ReadFile("/proc/thread-self/status")
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(status), "Cpus_allowed_list:")
		want, _, _ := strings.Cut(rest, "\n")
		if got := Allowed(thread); got != strings.TrimSpace(want) {
			t.Errorf("%q, the kernel says %q", got, want)
		}
	}
	if got := Allowed(1 << 30); got != "" {
		t.Errorf("of no process: %q", got)
	}
}
