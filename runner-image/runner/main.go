//go:build linux

// Command runner is the lean program at the inside of every isolation boundary.
// It is started by the server, or as PID 1 of a container; never by hand.
//
// It speaks on its standard input and output, or on descriptors 3 and 4 if the
// environment says RUNNER_STREAM=3,4. RUNNER_BUILD=1 has it build a boundary first.
// With RUNNER_VIEW=1 it tells what a program sees where it is, and no more.
package main

import (
	"runtime"
	"syscall"

	"benchcell/internal/sandbox/runner/inside"
)

// The main goroutine stays on the main thread: the parent-death signal of the
// programs counts the thread that forked them, and the kernel hands SIGCHLD to
// the main thread first, where it ends the poll.
func init() { runtime.LockOSThread() }

func main() {
	if view, _ := syscall.Getenv("RUNNER_VIEW"); view == "1" {
		syscall.Exit(inside.View())
	}
	inside.Quieten()
	in, out := 0, 1
	if fds, _ := syscall.Getenv("RUNNER_STREAM"); fds == "3,4" {
		in, out = 3, 4
	}
	build, _ := syscall.Getenv("RUNNER_BUILD")
	syscall.Exit(inside.Main(in, out, build == "1"))
}
