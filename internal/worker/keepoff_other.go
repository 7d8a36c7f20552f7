//go:build !linux

package worker

// keepOff does nothing where a thread can't choose its processors.
func keepOff([]int) {}
