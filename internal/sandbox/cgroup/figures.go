package cgroup

import (
	"bytes"
	"strconv"
)

// Counters are a group's figures that are read around every sample. What the
// kernel does not give is nil.
type Counters struct {
	MemoryPeak *int64 // bytes
	CPU        *int64 // nanoseconds, all processes that ever were in the group
	Throttled  *int64 // periods in which the CPU limit was hit
	ThrottleNs *int64 // time lost to it
	OOMKills   *int64
	PidsDenied *int64 // forks refused at the limit
}

// Totals are figures that cost the kernel some work to give: they are read
// around a session.
type Totals struct {
	MemoryFiles          *int64 // bytes of files charged now: tmpfs and page cache
	PidsPeak             *int64 // of all that ever ran in the group: nothing sets it back
	BlockRead            *int64 // bytes
	BlockWritten         *int64
	StallCPU             *int64 // microseconds that some process waited for it (PSI)
	StallMemory, StallIO *int64
}

// Sources of the figures, for those who read them.
const (
	SourcePeakV1 = "cgroup memory.max_usage_in_bytes"
	SourcePeakV2 = "cgroup memory.peak"
	SourceCPUV1  = "cgroup cpuacct.usage"
	SourceCPUV2  = "cgroup cpu.stat"
)

// figure says where one counter is read.
type figure struct {
	controller, file, key string // without key the file is the number
	unit                  int64  // multiplies to the unit of Counters
	field                 func(*reading) **int64
	read                  func(text []byte, key string) (int64, bool) // nil is lookUp
}

// reading is all that can be read.
type reading struct {
	Counters
	Totals
	MemoryNow *int64 // of a Glance
}

var figuresV1 = []figure{
	{"memory", "memory.max_usage_in_bytes", "", 1, func(c *reading) **int64 { return &c.MemoryPeak }, nil},
	{"memory", "memory.oom_control", "oom_kill", 1, func(c *reading) **int64 { return &c.OOMKills }, nil},
	{"cpuacct", "cpuacct.usage", "", 1, func(c *reading) **int64 { return &c.CPU }, nil},
	{"cpu", "cpu.stat", "nr_throttled", 1, func(c *reading) **int64 { return &c.Throttled }, nil},
	{"cpu", "cpu.stat", "throttled_time", 1, func(c *reading) **int64 { return &c.ThrottleNs }, nil},
	{"pids", "pids.events", "max", 1, func(c *reading) **int64 { return &c.PidsDenied }, nil},
}

var totalsV1 = []figure{
	{"pids", "pids.peak", "", 1, func(c *reading) **int64 { return &c.PidsPeak }, nil},
	{"memory", "memory.stat", "total_cache", 1, func(c *reading) **int64 { return &c.MemoryFiles }, nil},
	{"blkio", "blkio.throttle.io_service_bytes_recursive", " Read ", 1, func(c *reading) **int64 { return &c.BlockRead }, sumIfAny},
	{"blkio", "blkio.throttle.io_service_bytes_recursive", " Write ", 1, func(c *reading) **int64 { return &c.BlockWritten }, sumIfAny},
	{"unified", "cpu.pressure", "some", 1, func(c *reading) **int64 { return &c.StallCPU }, stall},
	{"unified", "memory.pressure", "some", 1, func(c *reading) **int64 { return &c.StallMemory }, stall},
	{"unified", "io.pressure", "some", 1, func(c *reading) **int64 { return &c.StallIO }, stall},
}

var figuresV2 = []figure{
	{"memory", "memory.peak", "", 1, func(c *reading) **int64 { return &c.MemoryPeak }, nil},
	{"memory", "memory.events", "oom_kill", 1, func(c *reading) **int64 { return &c.OOMKills }, nil},
	{"cpu", "cpu.stat", "usage_usec", 1000, func(c *reading) **int64 { return &c.CPU }, nil},
	{"cpu", "cpu.stat", "nr_throttled", 1, func(c *reading) **int64 { return &c.Throttled }, nil},
	{"cpu", "cpu.stat", "throttled_usec", 1000, func(c *reading) **int64 { return &c.ThrottleNs }, nil},
	{"pids", "pids.events", "max", 1, func(c *reading) **int64 { return &c.PidsDenied }, nil},
}

var totalsV2 = []figure{
	{"pids", "pids.peak", "", 1, func(c *reading) **int64 { return &c.PidsPeak }, nil},
	{"memory", "memory.stat", "file", 1, func(c *reading) **int64 { return &c.MemoryFiles }, nil},
	{"io", "io.stat", " rbytes=", 1, func(c *reading) **int64 { return &c.BlockRead }, sumAfter},
	{"io", "io.stat", " wbytes=", 1, func(c *reading) **int64 { return &c.BlockWritten }, sumAfter},
	{"unified", "cpu.pressure", "some", 1, func(c *reading) **int64 { return &c.StallCPU }, stall},
	{"unified", "memory.pressure", "some", 1, func(c *reading) **int64 { return &c.StallMemory }, stall},
	{"unified", "io.pressure", "some", 1, func(c *reading) **int64 { return &c.StallIO }, stall},
}

// take reads the figures of one file.
func (c *reading) take(text []byte, figures []figure) {
	for _, fig := range figures {
		read := fig.read
		if read == nil {
			read = lookUp
		}
		if v, ok := read(text, fig.key); ok {
			v *= fig.unit
			*fig.field(c) = &v
		}
	}
}

// lookUp finds the number behind a key, or the only number if there is none.
func lookUp(text []byte, key string) (int64, bool) {
	if key != "" {
		for line := range bytes.Lines(text) {
			if name, value, ok := bytes.Cut(line, []byte(" ")); ok && string(name) == key {
				text, key = value, ""
				break
			}
		}
		if key != "" {
			return 0, false
		}
	}
	v, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64)
	return v, err == nil
}

// sumAfter adds up the numbers behind a mark, one a device. A group that did
// no I/O has an empty file, which is a zero.
func sumAfter(text []byte, mark string) (int64, bool) {
	sum := int64(0)
	for line := range bytes.Lines(text) {
		_, rest, ok := bytes.Cut(line, []byte(mark))
		if !ok {
			continue
		}
		digits, _, _ := bytes.Cut(bytes.TrimSpace(rest), []byte(" "))
		v, err := strconv.ParseInt(string(digits), 10, 64)
		if err != nil {
			return 0, false
		}
		sum += v
	}
	return sum, true
}

// sumIfAny is sumAfter where no device is named both by who did nothing and by a
// kernel that does not count: Linux 6.10 and newer do so on v1 only once something
// is throttled. What is not known is no zero.
func sumIfAny(text []byte, mark string) (int64, bool) {
	if !bytes.Contains(text, []byte(mark)) {
		return 0, false
	}
	return sumAfter(text, mark)
}

// stall is the total of a line of a pressure file.
func stall(text []byte, kind string) (int64, bool) {
	for line := range bytes.Lines(text) {
		if name, _, _ := bytes.Cut(line, []byte(" ")); string(name) == kind {
			_, total, ok := bytes.Cut(line, []byte("total="))
			v, err := strconv.ParseInt(string(bytes.TrimSpace(total)), 10, 64)
			return v, ok && err == nil
		}
	}
	return 0, false
}
