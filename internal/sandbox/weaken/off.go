//go:build !weaken

// Package weaken can switch off one defence of a boundary at a time, in a build
// of its own, so that a test can see that the hostile program it stops gets
// through then. No release has it: without the tag "weaken" nothing can be
// switched off, and the compiler drops every question about it.
package weaken

// Off says whether a defence is switched off: never, in this build.
func Off(string) bool { return false }

// Env is what a runner needs in its environment to be weakened too: nothing.
func Env() []string { return nil }
