//go:build !linux

package machine

import (
	"errors"

	"benchcell/internal/bench"
)

// Watch is not to be had outside Linux.
type Watch struct{}

// NewWatch says so.
func NewWatch(string, []int) (*Watch, error) {
	return nil, errors.New("what a machine does is read on Linux only")
}

// Read is never called.
func (*Watch) Read() bench.Activity { return bench.Activity{} }

// Processors is never called.
func (*Watch) Processors() int { return 0 }

// Close is never called.
func (*Watch) Close() error { return nil }
