//go:build !linux

package machine

import "benchcell/internal/bench"

// describe has nothing to add outside Linux.
func describe(*bench.Machine) {}
