package cgroup

import "benchcell/internal/bench"

// Difference is what was added between two readings, nil if either is absent.
func Difference(before, after *int64) *int64 {
	if before == nil || after == nil {
		return nil
	}
	d := *after - *before
	return &d
}

// Evidence is what the kernel counted between c and after.
func (c Counters) Evidence(after Counters) bench.Evidence {
	e := bench.Evidence{
		OOMKills:         Difference(c.OOMKills, after.OOMKills),
		PidsRefused:      Difference(c.PidsDenied, after.PidsDenied),
		ThrottledPeriods: Difference(c.Throttled, after.Throttled),
	}
	if ns := Difference(c.ThrottleNs, after.ThrottleNs); ns != nil {
		ms := float64(*ns) / 1e6
		e.ThrottledTime = &ms
	}
	return e
}

// Tree is what the whole tree used between c and after.
func (c Counters) Tree(after Counters) bench.TreeUsage {
	return bench.TreeUsage{
		Files: after.MemoryFiles, PidsPeak: after.PidsPeak,
		BlockRead: Difference(c.BlockRead, after.BlockRead), BlockWritten: Difference(c.BlockWritten, after.BlockWritten),
		StallCPU: Difference(c.StallCPU, after.StallCPU), StallMemory: Difference(c.StallMemory, after.StallMemory),
		StallIO: Difference(c.StallIO, after.StallIO),
	}
}
