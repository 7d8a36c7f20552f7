package worker

import (
	"runtime"
	"slices"

	"golang.org/x/sys/unix"
)

// keepOff keeps the caller's thread off some processors, if there are others. The
// thread is locked and ends with its goroutine, so that no other work inherits it.
func keepOff(cpus []int) {
	if len(cpus) == 0 {
		return
	}
	runtime.LockOSThread()
	var may, others unix.CPUSet
	if unix.SchedGetaffinity(0, &may) != nil {
		return
	}
	for cpu := range 64 * len(may) {
		if may.IsSet(cpu) && !slices.Contains(cpus, cpu) {
			others.Set(cpu)
		}
	}
	if others.Count() > 0 {
		_ = unix.SchedSetaffinity(0, &others) // it is a courtesy
	}
}
