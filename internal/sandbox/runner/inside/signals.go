//go:build linux

package inside

import (
	"syscall"
	"unsafe"
)

// sigaction is the kernel's struct for rt_sigaction on amd64 and arm64.
type sigaction struct {
	handler  uintptr
	flags    uint64
	restorer uintptr
	mask     uint64
}

// goHandler is the Go runtime's signal handler, for faults of our own.
var goHandler uintptr //nolint:unused // the assembly uses it

// dropHandler, in assembly, returns at once from a signal that somebody sent, and
// passes a fault of the runner itself on to goHandler.
func dropHandler()

// dropSignals makes the runner deaf to every signal that can be caught. The
// benchmark may have the runner's own user and, as PID 1, the kernel would
// deliver its SIGTERM to the handlers that the Go runtime installs. Ignoring
// signals is no way out: ignored ones stay ignored through exec, and the
// benchmark would no longer see its SIGTERM. A handler of a few instructions
// needs no thread and no goroutine, which os/signal would; exec resets it. A
// child's end (SIGCHLD) is dropped too, but ends a poll.
//
// All get it, and not those alone that Go has a handler for: it leaves 32 and 34 to
// C libraries, and by default they end a process. PID 1 too: the kernel spares it
// only if its first thread is not blocking them just then. And those that are ignored
// because the server was started by nohup: programs must not end in another way then.
//
// It returns what it made of them: Go's own action, with another handler.
func dropSignals() (drop sigaction) {
	_ = rtSigaction(syscall.SIGSEGV, nil, &drop)
	goHandler, drop.handler = drop.handler, dropHandlerAddress()
	for sig := syscall.Signal(1); sig < 65; sig++ {
		_ = rtSigaction(sig, &drop, nil) // SIGKILL and SIGSTOP stay as they are
	}
	return drop
}

// childSignal says whether the end of a child ends a poll. While a program is being
// started it must not: the starting thread blocks all signals, so the kernel would
// wake another, often on another processor, and the program's end waits for that.
// By default SIGCHLD wakes nobody.
func (a *agent) childSignal(on bool) {
	switch {
	case a.dropped.handler == 0: // as the Go runtime has it
	case on:
		_ = rtSigaction(syscall.SIGCHLD, &a.dropped, nil)
	default:
		_ = rtSigaction(syscall.SIGCHLD, &sigaction{}, nil)
	}
}

func dropHandlerAddress() uintptr {
	f := dropHandler
	return **(**uintptr)(unsafe.Pointer(&f))
}

func rtSigaction(sig syscall.Signal, set, old *sigaction) error {
	_, _, e := syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(sig),
		uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	if e != 0 {
		return e
	}
	return nil
}
