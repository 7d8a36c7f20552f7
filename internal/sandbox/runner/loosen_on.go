//go:build weaken

package runner

import (
	"os"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/runner/frame"
	"benchcell/internal/sandbox/weaken"
)

// Loosen gives the limits that a boundary is made with: those that are to be
// switched off are so wide that they have no effect.
func Loosen(l bench.Limits) bench.Limits {
	if weaken.Off(bench.LimitMemory) {
		l.Memory = 1 << 40
	}
	if weaken.Off(bench.LimitPids) {
		l.Pids = 1 << 20
	}
	if weaken.Off(bench.LimitCPUs) {
		l.CPUs = 64
	}
	if weaken.Off(bench.LimitDisk) {
		l.Disk = 256 << 20
	}
	return l
}

// LoosenCPUs gives the processors that a group is pinned to: none where that is off.
func LoosenCPUs(cpus []int) []int {
	if weaken.Off("pin") {
		return nil
	}
	return cpus
}

// loosen gives the job that is sent, in the same sense.
func loosen(job *frame.Job) *frame.Job {
	j := *job
	if weaken.Off("timeout") {
		j.Timeout *= 20
	}
	if weaken.Off("cpu-time") {
		j.CPUTime = 0
	}
	if weaken.Off("output") {
		j.Output *= 16
		j.Timeout = min(j.Timeout, int64(time.Second))
	}
	if weaken.Off("disk") {
		j.FileSize = 2 << 40
	}
	if weaken.Off("open-files") {
		j.OpenFiles = 16 << 10
	}
	if weaken.Off("environment") {
		j.Env = append(os.Environ(), j.Env...)
	}
	return &j
}
