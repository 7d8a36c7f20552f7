// Package runnerimage holds the programs that run at the inside of a boundary:
// the runner, the built-in benchmarks, and the hostile programs of the self-test.
// 'make build' makes them; a binary built without says so when they are needed.
package runnerimage

import (
	"embed"
	"io"
)

//go:embed all:bin
var programs embed.FS

// Runner is the executable of the runner, empty if it was not built in.
func Runner() *io.SectionReader { return program("runner") }

// BenchBuiltin is the executable of the built-in benchmarks, empty if it was
// not built in.
func BenchBuiltin() *io.SectionReader { return program("bench-builtin") }

// Hostile is the executable of the programs that attack a boundary, empty if it
// was not built in.
func Hostile() *io.SectionReader { return program("hostile") }

// program reads where the binary holds it: a copy would stay in memory for good.
func program(name string) *io.SectionReader {
	file, err := programs.Open("bin/" + name)
	if err != nil {
		return &io.SectionReader{}
	}
	info, err := file.Stat()
	content, ok := file.(io.ReaderAt)
	if err != nil || !ok {
		return &io.SectionReader{}
	}
	return io.NewSectionReader(content, 0, info.Size())
}
