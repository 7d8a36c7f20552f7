//go:build faults

package main

import (
	"io"
	"os"
	"strings"
)

// faultyRunner breaks the runner if the environment asks for it, so that tests
// see what happens when the isolation itself fails. No release has this.
func faultyRunner(executable *io.SectionReader) *io.SectionReader {
	if os.Getenv("FAULT_RUNNER") != "" {
		const broken = "#!/bin/false\n"
		return io.NewSectionReader(strings.NewReader(broken), 0, int64(len(broken)))
	}
	return executable
}
