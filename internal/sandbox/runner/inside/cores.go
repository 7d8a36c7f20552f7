//go:build linux

package inside

import (
	"syscall"
	"unsafe"
)

// cpuMask is a set of processors as the kernel takes it.
type cpuMask [128]byte

// cores is where the programs run that this runner starts.
type cores struct {
	own   cpuMask // before the first order
	known bool
}

// take puts the calling thread, and so what it starts, on these processors, or
// back on all that the runner had. It does so again for each job, because the
// runtime may have gone to another thread since. Where the kernel refuses, the
// program runs where it may: the server reads that back.
func (c *cores) take(cpus []int64) {
	if !c.known {
		if len(cpus) == 0 {
			return
		}
		affinity(syscall.SYS_SCHED_GETAFFINITY, &c.own)
		c.known = true
	}
	mask := c.own
	if len(cpus) > 0 {
		mask = maskOf(cpus)
	}
	affinity(syscall.SYS_SCHED_SETAFFINITY, &mask)
}

func maskOf(cpus []int64) (mask cpuMask) {
	for _, id := range cpus {
		if id < int64(8*len(mask)) {
			mask[id/8] |= 1 << (id % 8)
		}
	}
	return mask
}

// affinity reads or sets the processors of the calling thread, and says how many
// bytes the kernel gave.
func affinity(call uintptr, mask *cpuMask) int {
	n, _, e := syscall.RawSyscall(call, 0, uintptr(len(mask)), uintptr(unsafe.Pointer(mask)))
	if e != 0 {
		return 0
	}
	return int(n)
}
