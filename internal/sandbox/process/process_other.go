//go:build !linux

// Package process runs a benchmark as a child process. It needs Linux.
package process

import (
	"context"
	"io"
	"log/slog"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// Config is what the backend needs to know.
type Config struct {
	Runner       *io.SectionReader
	Builtin      string
	CgroupParent string
	Owner        string
	Temp         string
	Keep         int
	Sandbox      bool
	Warm         int
	Size         int64
	System       []string
	Minimum      bench.Minimum
	Log          *slog.Logger
}

// DefaultSystem is what a sandbox shows of the machine; there is none here.
var DefaultSystem = []string{
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives", "/etc/ld.so.cache",
}

// Backend implements sandbox.Backend by saying that it can't.
type Backend struct{}

const remedy = "use container isolation, or run the server on Linux"

// New makes the backend.
func New(Config) *Backend { return &Backend{} }

// CgroupMode is none outside Linux.
func (*Backend) CgroupMode() string { return "none" }

// Run has nothing to keep warm.
func (*Backend) Run(context.Context) error { return nil }

// Settle has nothing to wait for.
func (*Backend) Settle() {}

// Name implements sandbox.Backend.
func (*Backend) Name() bench.Isolation { return bench.Process }

// Probe implements sandbox.Backend.
func (*Backend) Probe(context.Context) sandbox.Capabilities {
	return sandbox.Capabilities{Backend: bench.Process, Reason: "process isolation needs Linux", Remedy: remedy}
}

// Open implements sandbox.Backend.
func (*Backend) Open(context.Context, sandbox.Spec) (sandbox.Session, error) {
	return nil, sandbox.Unavailable(remedy, "process isolation needs Linux")
}
