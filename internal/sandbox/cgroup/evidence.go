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

// Tree is what the whole tree used between t and after.
func (t Totals) Tree(after Totals) bench.TreeUsage {
	return bench.TreeUsage{
		Files: after.MemoryFiles, PidsPeak: raised(t.PidsPeak, after.PidsPeak),
		BlockRead: since(t.BlockRead, after.BlockRead), BlockWritten: since(t.BlockWritten, after.BlockWritten),
		StallCPU: Difference(t.StallCPU, after.StallCPU), StallMemory: Difference(t.StallMemory, after.StallMemory),
		StallIO: Difference(t.StallIO, after.StallIO),
	}
}

// raised is a mark that nothing sets back, if it is of the time since before: where it
// has not risen, something had as much earlier.
func raised(before, after *int64) *int64 {
	if before != nil && after != nil && *after <= *before {
		return nil
	}
	return after
}

// since is Difference where a group that did nothing yet says nothing.
func since(before, after *int64) *int64 {
	if before == nil {
		return after
	}
	return Difference(before, after)
}
