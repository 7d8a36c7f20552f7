//go:build !faults

package main

import "io"

// faultyRunner is the runner as it is. A test build with the tag "faults" can
// break it: see fault_on.go.
func faultyRunner(executable *io.SectionReader) *io.SectionReader { return executable }
