//go:build !linux

package cgroup

import (
	"errors"

	"benchcell/internal/bench"
)

// Guard is a group around groups: there is none outside Linux.
type Guard struct{}

// NewGuard says so.
func NewGuard(string, string, bench.Limits) (*Guard, error) {
	return nil, errors.New("hostile programs are run behind control groups, which need Linux")
}

// Clear has nothing to remove.
func Clear(string, string, string) error { return nil }

// Path is never called.
func (*Guard) Path() string { return "" }

// Holds is never called.
func (*Guard) Holds(int) error { return nil }

// Left is never called.
func (*Guard) Left() []string { return nil }

// Clear is never called.
func (*Guard) Clear() error { return nil }

// Close is never called.
func (*Guard) Close() error { return nil }
