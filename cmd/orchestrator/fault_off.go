//go:build !faults

package main

// faultyRunner is the runner as it is. A test build with the tag "faults" can
// break it: see fault_on.go.
func faultyRunner(executable []byte) []byte { return executable }
