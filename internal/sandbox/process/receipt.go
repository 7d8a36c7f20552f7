//go:build linux

package process

import (
	"math"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// verify refuses a session whose strict limits are not in force.
func (s *session) verify() error {
	for _, r := range s.groupReceipt() {
		if s.spec.Strict[r.Limit] && r.Effective == nil {
			return sandbox.Unavailable("see 'orchestrator doctor' for what mends it, or use container isolation",
				"limit %s can't be enforced for a process here", r.Limit)
		}
	}
	return nil
}

// groupReceipt lists the limits that only a control group can enforce.
func (s *session) groupReceipt() []bench.Receipt {
	want, have := s.spec.Limits, s.worker.inForce.Limits
	return []bench.Receipt{
		s.groupLine(bench.LimitMemory, want.Memory, have.Memory, sameSize(want.Memory, have.Memory)),
		s.swapLine(),
		s.groupLine(bench.LimitCPUs, want.CPUs, have.CPUs, math.Abs(want.CPUs-have.CPUs) < 0.001),
		s.groupLine(bench.LimitPids, want.Pids, have.Pids, want.Pids == have.Pids),
	}
}

// groupLine is one line of the receipt. A value that was read back but is not
// what was asked is shown, and is no enforcement.
func (s *session) groupLine(limit string, want, have any, same bool) bench.Receipt {
	r := bench.Receipt{Limit: limit, Requested: want}
	if mechanism, ok := s.worker.inForce.Mechanism[limit]; ok {
		mechanism = "cgroup " + mechanism
		r.Mechanism = &mechanism
		if same {
			r.Effective = have
		}
	}
	return r
}

func (s *session) swapLine() bench.Receipt {
	r := bench.Receipt{Limit: "swap", Requested: 0}
	if s.worker.inForce.Swap != nil {
		mechanism := "cgroup swap limit beyond memory"
		r.Mechanism, r.Effective = &mechanism, *s.worker.inForce.Swap
	}
	return r
}

// sameSize allows for the kernel's rounding to pages.
func sameSize(a, b int64) bool {
	const page = 64 << 10 // the largest page that Linux uses as its base
	return b > a-page && b <= a
}

// Receipt implements sandbox.Session.
func (s *session) Receipt() []bench.Receipt {
	lines := s.groupReceipt()
	cpuTime := bench.Receipt{Limit: bench.LimitCPUTime}
	if s.spec.Limits.CPUTime > 0 {
		cpuTime = line(bench.LimitCPUTime, s.spec.Limits.CPUTime, "runner, CPU clocks of the tree", s.spec.Limits.CPUTime)
	}
	lines = append(lines, cpuTime,
		line(bench.LimitOutput, s.spec.Limits.Output, "runner, bytes kept of each stream", s.spec.Limits.Output))
	if s.rlimits == nil {
		return append(lines, bench.Receipt{Limit: bench.LimitDisk, Requested: s.spec.Limits.Disk})
	}
	return append(lines,
		line(bench.LimitDisk, s.spec.Limits.Disk, "RLIMIT_FSIZE, for each file", s.rlimits.FileSize),
		line(bench.LimitOpenFiles, openFiles, "RLIMIT_NOFILE", s.rlimits.OpenFiles),
		line(bench.LimitCore, 0, "RLIMIT_CORE", s.rlimits.Core))
}

func line(limit string, requested any, mechanism string, effective any) bench.Receipt {
	return bench.Receipt{Limit: limit, Requested: requested, Mechanism: &mechanism, Effective: effective}
}
