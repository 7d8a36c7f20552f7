//go:build linux

package main

import (
	"syscall"
	"unsafe"
)

// call makes a system call by its number.
func call(number uintptr, args ...uintptr) error {
	var a [6]uintptr
	copy(a[:], args)
	if _, _, e := syscall.Syscall6(number, a[0], a[1], a[2], a[3], a[4], a[5]); e != 0 {
		return e
	}
	return nil
}

func text(s string) uintptr {
	p, _ := syscall.BytePtrFromString(s)
	return uintptr(unsafe.Pointer(p))
}

// limitLifetime has the kernel end this process by a signal after a minute.
func limitLifetime() {
	const realTimer = 0
	timer := struct{ interval, value syscall.Timeval }{value: syscall.Timeval{Sec: lifetime}}
	syscall.RawSyscall(syscall.SYS_SETITIMER, realTimer, uintptr(unsafe.Pointer(&timer)), 0)
	resetHandler(syscall.SIGALRM)
}

// resetHandler gives a signal back its default action, which Go took.
func resetHandler(sig syscall.Signal) {
	var action [4]uint64
	syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
}

// fork makes a bare copy of this thread. The copy may make raw system calls and
// nothing else: there is no Go runtime around it. It has the same lifetime.
//
//go:noinline
func fork() (pid uintptr, err syscall.Errno) {
	pid, _, err = syscall.RawSyscall6(syscall.SYS_CLONE, uintptr(syscall.SIGCHLD), 0, 0, 0, 0, 0)
	if pid == 0 && err == 0 {
		timer := struct{ interval, value syscall.Timeval }{value: syscall.Timeval{Sec: lifetime}}
		syscall.RawSyscall(syscall.SYS_SETITIMER, 0, uintptr(unsafe.Pointer(&timer)), 0)
	}
	return pid, err
}

// rest waits for ever, or until the lifetime ends it.
func rest() {
	for {
		syscall.RawSyscall6(syscall.SYS_PPOLL, 0, 0, 0, 0, 0, 0)
	}
}

func exit(code uintptr) {
	for {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, code, 0, 0)
	}
}

// used is this process's CPU time in milliseconds.
func used() int64 {
	var ru syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &ru)
	return (ru.Utime.Nano() + ru.Stime.Nano()) / 1e6
}

func spin(milliseconds int64) {
	for used() < milliseconds {
		for range 10000 {
		}
	}
}
