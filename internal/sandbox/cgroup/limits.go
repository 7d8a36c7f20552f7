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
// part of memory: a run that swaps can't be timed. What sockets hold is too on v2;
// v1 counts it only where it has a limit, and then by itself.
func Resources(l bench.Limits) *specs.LinuxResources {
	r := &specs.LinuxResources{}
	if l.Memory > 0 {
		both := l.Memory
		r.Memory = &specs.LinuxMemory{Limit: &l.Memory, Swap: &both, KernelTCP: &both}
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
	Sockets   *int64 // bytes that they may hold on top of memory
	Mechanism map[string]string
}

// Receipt says of each limit that a group enforces what was asked and what is
// in force. A value that is not what was asked is no enforcement.
func (e Effective) Receipt(want bench.Limits) []bench.Receipt {
	have := e.Limits
	swap := bench.Receipt{Limit: LimitSwap, Requested: 0}
	if e.Swap != nil {
		mechanism := "cgroup swap limit beyond memory"
		swap.Mechanism, swap.Effective = &mechanism, *e.Swap
	}
	lines := []bench.Receipt{
		e.line(bench.LimitMemory, want.Memory, have.Memory, sameSize(want.Memory, have.Memory)),
		swap,
		e.line(bench.LimitCPUs, want.CPUs, have.CPUs, math.Abs(want.CPUs-have.CPUs) < 0.001),
		e.line(bench.LimitPids, want.Pids, have.Pids, want.Pids == have.Pids),
	}
	if e.Sockets != nil {
		mechanism := "cgroup " + socketLimit
		lines = append(lines, bench.Receipt{Limit: "sockets", Requested: want.Memory, Mechanism: &mechanism, Effective: *e.Sockets})
	}
	return lines
}

const socketLimit = "memory.kmem.tcp.limit_in_bytes" // of v1, and of all sockets

// LimitSwap names swap in receipts: it is always asked to be none.
const LimitSwap = "swap"

func (e Effective) line(limit string, want, have any, same bool) bench.Receipt {
	r := bench.Receipt{Limit: limit, Requested: want}
	if mechanism, ok := e.Mechanism[limit]; ok {
		mechanism = "cgroup " + mechanism
		r.Mechanism = &mechanism
		if same {
			r.Effective = have
		}
	}
	return r
}

// sameSize allows for the kernel's rounding down to pages.
func sameSize(want, have int64) bool {
	const page = 64 << 10 // the largest that Linux uses as its base
	return have > want-page && have <= want
}

// reader gives the text of a file of a controller, "" if it is missing.
type reader func(controller, file string) string

func readBack(v2 bool, read reader) Effective {
	e := Effective{Mechanism: map[string]string{}}
	if v2 {
		e.fromV2(read)
	} else {
		e.fromV1(read)
	}
	return e
}

func (r reader) number(controller, file string) (int64, bool) {
	v, err := strconv.ParseInt(strings.TrimSpace(r(controller, file)), 10, 64)
	return v, err == nil
}

func (e *Effective) fromV1(read reader) {
	if v, ok := read.number("memory", "memory.limit_in_bytes"); ok && v < math.MaxInt64/2 {
		e.Limits.Memory = v
		e.Mechanism[bench.LimitMemory] = "memory.limit_in_bytes"
		if both, ok := read.number("memory", "memory.memsw.limit_in_bytes"); ok {
			swap := both - v
			e.Swap = &swap
		}
	}
	if v, ok := read.number("memory", socketLimit); ok && v < math.MaxInt64/2 {
		e.Sockets = &v
	}
	quota, ok := read.number("cpu", "cpu.cfs_quota_us")
	period, ok2 := read.number("cpu", "cpu.cfs_period_us")
	if ok && ok2 && quota > 0 && period > 0 {
		e.Limits.CPUs = float64(quota) / float64(period)
		e.Mechanism[bench.LimitCPUs] = "cpu.cfs_quota_us"
	}
	if v, ok := read.number("pids", "pids.max"); ok {
		e.Limits.Pids = v - RunnerPids
		e.Mechanism[bench.LimitPids] = "pids.max"
	}
}

func (e *Effective) fromV2(read reader) {
	if v, ok := read.number("memory", "memory.max"); ok {
		e.Limits.Memory = v
		e.Mechanism[bench.LimitMemory] = "memory.max"
		if swap, ok := read.number("memory", "memory.swap.max"); ok {
			e.Swap = &swap
		}
	}
	quota, period, ok := strings.Cut(strings.TrimSpace(read("cpu", "cpu.max")), " ")
	q, err := strconv.ParseFloat(quota, 64)
	p, err2 := strconv.ParseFloat(period, 64)
	if ok && err == nil && err2 == nil && p > 0 {
		e.Limits.CPUs = q / p
		e.Mechanism[bench.LimitCPUs] = "cpu.max"
	}
	if v, ok := read.number("pids", "pids.max"); ok {
		e.Limits.Pids = v - RunnerPids
		e.Mechanism[bench.LimitPids] = "pids.max"
	}
}

// Slice is the name of the systemd slice that stands for a path: dashes are its
// separators.
func Slice(path string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.Trim(path, "/"), "-", "_"), "/", "-") + ".slice"
}
