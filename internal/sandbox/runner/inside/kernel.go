//go:build linux

package inside

import (
	"syscall"
	"unsafe"
)

// Numbers that package syscall lacks. The system calls from 424 up have the
// same number on every architecture.
const (
	sysPidfdSendSignal = 424
	sysPidfdOpen       = 434
	sysCloseRange      = 436

	prSetDumpable       = 4
	prSetChildSubreaper = 36

	clockMonotonic = 1

	addSeals   = 1033 // F_ADD_SEALS
	allSeals   = 0xf  // seal, shrink, grow, write
	memfdFlags = 3    // close on exec, allow sealing

	pollIn = 1

	never = int64(-1)
)

// now is the monotonic clock in nanoseconds.
func now() int64 {
	var ts syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano()
}

// cpuClock is the CPU time of a whole process in nanoseconds; 0 once it is gone.
func cpuClock(pid int) int64 {
	const perProcessSched = 2
	var ts syscall.Timespec
	clock := uintptr(^uint32(pid)<<3 | perProcessSched)
	if _, _, e := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&ts)), 0); e != 0 {
		return 0
	}
	return ts.Nano()
}

// ownCPU is the runner's own CPU time in nanoseconds.
func ownCPU() int64 {
	var ru syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &ru) != nil {
		return 0
	}
	return ru.Utime.Nano() + ru.Stime.Nano()
}

type pollFD struct {
	fd      int32
	events  int16
	revents int16
}

// poll waits until a descriptor is readable or the time is over. The Go runtime
// is not told that this thread waits: it would take its processor away and watch
// over it every 20 µs, beside the program that is measured.
func poll(fds []pollFD, wait int64) {
	for i := range fds {
		fds[i].revents = 0
	}
	ts := syscall.NsecToTimespec(max(wait, 0))
	// An interrupted wait reports nothing readable, and the caller looks again.
	syscall.RawSyscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&fds[0])), uintptr(len(fds)),
		uintptr(unsafe.Pointer(&ts)), 0, 0, 0)
}

// setNonblock does without asking for the flags first: a new pipe has none.
func setNonblock(fd int) {
	syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_SETFL, syscall.O_NONBLOCK)
}

func sleep(ns int64) { poll([]pollFD{{fd: -1}}, ns) }

func becomeSubreaper() error { return prctl(prSetChildSubreaper, 1) }

// becomeUndumpable closes /proc/PID/fd, mem and environ, ptrace and
// pidfd_getfd to a program that runs under the runner's own user.
func becomeUndumpable() error { return prctl(prSetDumpable, 0) }

func prctl(option, value uintptr) error {
	if _, _, e := syscall.RawSyscall6(syscall.SYS_PRCTL, option, value, 0, 0, 0, 0); e != 0 {
		return e
	}
	return nil
}

// closeOthers closes what a careless parent left open.
func closeOthers(a, b int) {
	low, high := min(a, b), max(a, b)
	closeRange(3, low-1)
	closeRange(low+1, high-1)
	closeRange(max(high+1, 3), 1<<31-1)
}

func closeRange(first, last int) {
	first = max(first, 3)
	if first > last {
		return
	}
	if _, _, e := syscall.RawSyscall(sysCloseRange, uintptr(first), uintptr(last), 0); e == syscall.ENOSYS {
		for fd := first; fd <= min(last, 1024); fd++ { // before Linux 5.9
			_ = syscall.Close(fd)
		}
	}
}

func memfd() (int, error) {
	name := [...]byte{'s', 't', 'd', 'i', 'n', 0}
	fd, _, e := syscall.RawSyscall(sysMemfdCreate, uintptr(unsafe.Pointer(&name)), memfdFlags, 0)
	if e != 0 {
		return -1, e
	}
	return int(fd), nil
}

func seal(fd int) error {
	if _, _, e := syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(fd), addSeals, allSeals); e != 0 {
		return e
	}
	return nil
}

// ownPeak is the runner's own high-water mark in bytes, from its VmHWM: its
// ru_maxrss began at the size of the server that forked it.
func ownPeak() int64 {
	var buf [4096]byte
	return statusField(readFile("/proc/self/status", buf[:]), "VmHWM:") << 10
}

// readFile reads the head of a file into buf.
func readFile(path string, buf []byte) []byte {
	fd, err := open(path, syscall.O_RDONLY)
	if err != nil {
		return nil
	}
	n := read(fd, buf)
	shut(fd)
	return buf[:n]
}

// statusField is the number behind a key in the form of /proc/PID/status.
func statusField(text []byte, key string) int64 {
	for i := 0; i+len(key) <= len(text); i++ {
		if string(text[i:i+len(key)]) == key {
			n, _ := number(text[i+len(key):])
			return n
		}
	}
	return 0
}

// number reads a decimal after spaces and tabs, and how many bytes that took.
func number(b []byte) (n int64, used int) {
	for used < len(b) && (b[used] == ' ' || b[used] == '\t') {
		used++
	}
	for used < len(b) && b[used] >= '0' && b[used] <= '9' {
		n = n*10 + int64(b[used]-'0')
		used++
	}
	return n, used
}

func appendNumber(b []byte, n int64) []byte {
	if n >= 10 {
		b = appendNumber(b, n/10)
	}
	return append(b, byte('0'+n%10))
}
