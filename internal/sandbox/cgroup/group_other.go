//go:build !linux

package cgroup

import (
	"errors"
	"time"
)

// Group is a control group: there are none outside Linux. What is read of a
// container's comes through its runner, see Remote.
type Group struct{}

// Observe says that the files of a container's group are not at hand.
func Observe(int, string) (*Group, error) {
	return nil, errors.New("control groups are not at hand outside Linux")
}

// BoundSockets is never called.
func (*Group) BoundSockets(int64) {}

// ReadBack is never called: no group is ever found.
func (*Group) ReadBack() Effective { return Effective{} }

// Counters is never called.
func (*Group) Counters() Counters { return Counters{} }

// Glance is what a group uses now.
type Glance struct{ CPU, Memory *int64 }

// Glance is never called.
func (*Group) Glance() Glance { return Glance{} }

// Totals is never called.
func (*Group) Totals() Totals { return Totals{} }

// ResetPeak is never called.
func (*Group) ResetPeak() bool { return false }

// UnthrottleAfter does nothing.
func (*Group) UnthrottleAfter(time.Duration) (stop func() bool) { return func() bool { return true } }

// Pin is never called.
func (*Group) Pin([]int) error { return nil }

// PeakSource is never called.
func (*Group) PeakSource() string { return "" }

// CPUSource is never called.
func (*Group) CPUSource() string { return "" }

// Close is never called.
func (*Group) Close() {}
