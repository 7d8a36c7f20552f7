// Package runnerimage holds the programs that run at the inside of a boundary:
// the runner, and the built-in benchmarks. 'make build' makes them; a binary
// built without says so when they are needed.
package runnerimage

import "embed"

//go:embed all:bin
var programs embed.FS

// Runner is the executable of the runner, nil if it was not built in.
func Runner() []byte { return program("runner") }

// BenchBuiltin is the executable of the built-in benchmarks, nil if it was not
// built in.
func BenchBuiltin() []byte { return program("bench-builtin") }

func program(name string) []byte {
	executable, err := programs.ReadFile("bin/" + name)
	if err != nil {
		return nil
	}
	return executable
}
