//go:build linux

package cgroup

import (
	"math"
	"strconv"
	"strings"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"benchcell/internal/bench"
)

// RunnerPids is how many processes and threads the runner itself may need. It
// lives in the program's group, so it comes on top of what was asked.
const RunnerPids = 6

const cpuPeriod = 100_000 // µs, the kernel's default

// Resources states limits in the terms of the runtime specification. Swap is
// part of memory: a run that swaps can't be timed.
func Resources(l bench.Limits) *specs.LinuxResources {
	r := &specs.LinuxResources{}
	if l.Memory > 0 {
		both := l.Memory
		r.Memory = &specs.LinuxMemory{Limit: &l.Memory, Swap: &both}
	}
	if l.CPUs > 0 {
		quota, period := int64(math.Ceil(l.CPUs*cpuPeriod)), uint64(cpuPeriod)
		r.CPU = &specs.LinuxCPU{Quota: &quota, Period: &period}
	}
	if l.Pids > 0 {
		pids := l.Pids + RunnerPids
		r.Pids = &specs.LinuxPids{Limit: &pids}
	}
	return r
}

// Effective is what the kernel says is in force. Zero fields of Limits could
// not be read; Mechanism names the file behind each of the others.
type Effective struct {
	Limits    bench.Limits
	Swap      *int64 // bytes on top of memory
	Mechanism map[string]string
}

// ReadBack reads the limits from the kernel.
func (g *Group) ReadBack() Effective {
	e := Effective{Mechanism: map[string]string{}}
	if g.place.Mode == V2 {
		g.readBackV2(&e)
	} else {
		g.readBackV1(&e)
	}
	return e
}

func (g *Group) readBackV1(e *Effective) {
	if v, ok := g.readNumber("memory", "memory.limit_in_bytes"); ok && v < math.MaxInt64/2 {
		e.Limits.Memory = v
		e.Mechanism[bench.LimitMemory] = "memory.limit_in_bytes"
		if both, ok := g.readNumber("memory", "memory.memsw.limit_in_bytes"); ok {
			swap := both - v
			e.Swap = &swap
		}
	}
	quota, ok := g.readNumber("cpu", "cpu.cfs_quota_us")
	period, ok2 := g.readNumber("cpu", "cpu.cfs_period_us")
	if ok && ok2 && quota > 0 && period > 0 {
		e.Limits.CPUs = float64(quota) / float64(period)
		e.Mechanism[bench.LimitCPUs] = "cpu.cfs_quota_us"
	}
	if v, ok := g.readNumber("pids", "pids.max"); ok {
		e.Limits.Pids = v - RunnerPids
		e.Mechanism[bench.LimitPids] = "pids.max"
	}
}

func (g *Group) readBackV2(e *Effective) {
	if v, ok := g.readNumber("memory", "memory.max"); ok {
		e.Limits.Memory = v
		e.Mechanism[bench.LimitMemory] = "memory.max"
		if swap, ok := g.readNumber("memory", "memory.swap.max"); ok {
			e.Swap = &swap
		}
	}
	quota, period, ok := strings.Cut(g.readText("cpu", "cpu.max"), " ")
	q, err := strconv.ParseFloat(quota, 64)
	p, err2 := strconv.ParseFloat(period, 64)
	if ok && err == nil && err2 == nil && p > 0 {
		e.Limits.CPUs = q / p
		e.Mechanism[bench.LimitCPUs] = "cpu.max"
	}
	if v, ok := g.readNumber("pids", "pids.max"); ok {
		e.Limits.Pids = v - RunnerPids
		e.Mechanism[bench.LimitPids] = "pids.max"
	}
}
