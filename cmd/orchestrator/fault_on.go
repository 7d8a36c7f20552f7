//go:build faults

package main

import "os"

// faultyRunner breaks the runner if the environment asks for it, so that tests
// see what happens when the isolation itself fails. No release has this.
func faultyRunner(executable []byte) []byte {
	if os.Getenv("FAULT_RUNNER") != "" {
		return []byte("#!/bin/false\n")
	}
	return executable
}
