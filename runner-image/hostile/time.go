//go:build linux

package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

func init() {
	add(map[string]program{
		"cpu-spin":      func([]string) { spin(20_000) },
		"cpu-disowned":  cpuDisowned,
		"cpu-share":     func([]string) { spin(150) },
		"sleep-forever": func([]string) { time.Sleep(3 * time.Second) },
		"says-bye":      saysBye,
		"deaf":          deaf,
		"stopped":       stopped,
		"forks-on-term": forksOnTerm,
	})
}

// cpuDisowned burns CPU in children that nobody waits for, one after the other.
func cpuDisowned([]string) {
	signal.Ignore(syscall.SIGCHLD)
	for range 5 {
		_, _ = self("cpu-share", nil).Wait() // until it is gone, without a word of what it used
	}
}

// saysBye ends in order when it is asked to.
func saysBye([]string) {
	<-terms()
	say("last words", "bye")
}

func terms() <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGTERM)
	return c
}

// deaf does not end when it is asked to.
func deaf([]string) {
	signal.Ignore(syscall.SIGTERM)
	time.Sleep(20 * time.Second)
}

// stopped holds itself, so that it can't even see that it is asked.
func stopped([]string) {
	signal.Ignore(syscall.SIGTERM)
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGSTOP)
	time.Sleep(20 * time.Second)
}

// forksOnTerm answers the request to end with more of itself.
func forksOnTerm([]string) {
	<-terms()
	for range 50 {
		if pid, err := fork(); pid == 0 && err == 0 {
			rest()
		}
	}
	time.Sleep(20 * time.Second)
}
