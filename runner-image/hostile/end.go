//go:build linux

package main

import (
	"os"
	"syscall"
)

func init() {
	add(map[string]program{
		"exit-codes": func(args []string) { os.Exit(number(args[0])) },
		"signals":    func(args []string) { die(syscall.Signal(number(args[0]))) },
	})
}

// die ends this process by a signal.
func die(sig syscall.Signal) {
	resetHandler(sig)
	_ = syscall.Kill(syscall.Getpid(), sig)
	rest()
}
