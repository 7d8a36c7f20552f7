//go:build linux

package inside

import (
	"syscall"
	"unsafe"
)

// usage sums what wait4 said of reaped processes.
type usage struct {
	user, system             int64 // nanoseconds
	maxRSS                   int64 // bytes, the largest single process
	minorFaults, majorFaults int64
	voluntary, involuntary   int64
	blocksIn, blocksOut      int64
	empty                    bool // no child is left, so no descendant either
}

func (u *usage) count(ru *syscall.Rusage) {
	u.user += ru.Utime.Nano()
	u.system += ru.Stime.Nano()
	u.maxRSS = max(u.maxRSS, ru.Maxrss<<10)
	u.minorFaults += ru.Minflt
	u.majorFaults += ru.Majflt
	u.voluntary += ru.Nvcsw
	u.involuntary += ru.Nivcsw
	u.blocksIn += ru.Inblock
	u.blocksOut += ru.Oublock
}

func (u *usage) add(v usage) {
	u.user += v.user
	u.system += v.system
	u.maxRSS = max(u.maxRSS, v.maxRSS)
	u.minorFaults += v.minorFaults
	u.majorFaults += v.majorFaults
	u.voluntary += v.voluntary
	u.involuntary += v.involuntary
	u.blocksIn += v.blocksIn
	u.blocksOut += v.blocksOut
	u.empty = v.empty
}

// reap takes the descendants that have ended, without waiting for any.
func reap() (sum usage) {
	for {
		var ru syscall.Rusage
		pid, err := wait4(-1, nil, syscall.WNOHANG, &ru)
		switch {
		case err == syscall.EINTR:
		case err == syscall.ECHILD:
			sum.empty = true
			return sum
		case err != nil || pid <= 0:
			return sum
		default:
			sum.count(&ru)
		}
	}
}

// endedChild peeks at a child that has ended and stays to be reaped; 0 if none.
func endedChild() int {
	const all, exited, keep = 0, 4, 0x01000000
	var info struct {
		signo, errno, code, _ int32
		pid                   int32
		_                     [108]byte
	}
	syscall.RawSyscall6(syscall.SYS_WAITID, all, 0, uintptr(unsafe.Pointer(&info)),
		exited|syscall.WNOHANG|keep, 0, 0)
	return int(info.pid)
}

// treeCPU is the CPU time, in nanoseconds, of what was reaped and what lives.
// Children that a live descendant reaped count with the kernel's ticks.
func treeCPU(reaped *usage) int64 {
	sum := reaped.user + reaped.system
	for _, p := range descendants() {
		sum += cpuClock(p.pid) + p.waited
	}
	return sum
}

// cpus is how many processors the runner may use: how fast CPU time can grow.
func cpus() int64 {
	var mask cpuMask
	n := affinity(syscall.SYS_SCHED_GETAFFINITY, &mask)
	count := int64(0)
	for _, b := range mask[:n] {
		for ; b != 0; b &= b - 1 {
			count++
		}
	}
	return max(count, 1)
}
