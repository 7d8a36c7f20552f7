//go:build linux

package inside

import "syscall"

// Quieten keeps the Go runtime's own watch from running beside what is measured: a
// thread that wakes every 20 µs at first, and every 10 ms later on, for as long as
// the runner waits for a program, and finds nothing to do.
//
// How late the kernel may wake a thread is the thread's timer slack. New threads
// inherit it, and exec keeps it. So the runner is executed again with a slack of a
// second, under which its runtime makes that thread. The main thread then takes the
// kernel's default, which the programs get. Where that can't be had all stays as it is.
func Quieten() {
	const long, byDefault = 1e9, 50e3
	if _, again := syscall.Getenv("RUNNER_QUIET"); !again && setSlack(long) {
		_ = syscall.Exec("/proc/self/exe", []string{"benchcell-runner"}, append(syscall.Environ(), "RUNNER_QUIET=1"))
	}
	setSlack(byDefault)
}

func setSlack(nanoseconds uintptr) bool {
	const prSetTimerSlack = 29
	_, _, e := syscall.RawSyscall(syscall.SYS_PRCTL, prSetTimerSlack, nanoseconds, 0)
	return e == 0
}
