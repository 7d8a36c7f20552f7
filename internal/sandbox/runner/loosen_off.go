//go:build !weaken

package runner

import (
	"benchcell/internal/bench"
	"benchcell/internal/sandbox/runner/frame"
)

// Loosen gives the limits that a boundary is made with: those asked for. Only a
// build with the tag "weaken" can have others.
func Loosen(l bench.Limits) bench.Limits { return l }

func loosen(job *frame.Job) *frame.Job { return job }

// LoosenCPUs gives the processors that a group is pinned to.
func LoosenCPUs(cpus []int) []int { return cpus }
