//go:build linux

package cgroup

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Counters are a group's figures. What the kernel does not give is nil.
type Counters struct {
	MemoryPeak *int64 // bytes
	CPU        *int64 // nanoseconds, all processes that ever were in the group
	CPUUser    *int64 // nanoseconds; a guess of the scheduler when short
	CPUSystem  *int64
	Throttled  *int64 // periods in which the CPU limit was hit
	ThrottleNs *int64 // time lost to it
	OOMKills   *int64
	PidsDenied *int64 // forks refused at the limit
	PidsPeak   *int64

	MemoryFiles          *int64 // bytes of files charged now: tmpfs and page cache
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
	field                 func(*Counters) **int64
	read                  func(text []byte, key string) (int64, bool) // nil is lookUp
}

var figuresV1 = []figure{
	{"memory", "memory.max_usage_in_bytes", "", 1, func(c *Counters) **int64 { return &c.MemoryPeak }, nil},
	{"memory", "memory.oom_control", "oom_kill", 1, func(c *Counters) **int64 { return &c.OOMKills }, nil},
	{"cpuacct", "cpuacct.usage", "", 1, func(c *Counters) **int64 { return &c.CPU }, nil},
	{"cpuacct", "cpuacct.usage_user", "", 1, func(c *Counters) **int64 { return &c.CPUUser }, nil},
	{"cpuacct", "cpuacct.usage_sys", "", 1, func(c *Counters) **int64 { return &c.CPUSystem }, nil},
	{"cpu", "cpu.stat", "nr_throttled", 1, func(c *Counters) **int64 { return &c.Throttled }, nil},
	{"cpu", "cpu.stat", "throttled_time", 1, func(c *Counters) **int64 { return &c.ThrottleNs }, nil},
	{"pids", "pids.events", "max", 1, func(c *Counters) **int64 { return &c.PidsDenied }, nil},
	{"pids", "pids.peak", "", 1, func(c *Counters) **int64 { return &c.PidsPeak }, nil},
	{"memory", "memory.stat", "total_cache", 1, func(c *Counters) **int64 { return &c.MemoryFiles }, nil},
	{"blkio", "blkio.throttle.io_service_bytes_recursive", " Read ", 1, func(c *Counters) **int64 { return &c.BlockRead }, sumAfter},
	{"blkio", "blkio.throttle.io_service_bytes_recursive", " Write ", 1, func(c *Counters) **int64 { return &c.BlockWritten }, sumAfter},
	{"unified", "cpu.pressure", "some", 1, func(c *Counters) **int64 { return &c.StallCPU }, stall},
	{"unified", "memory.pressure", "some", 1, func(c *Counters) **int64 { return &c.StallMemory }, stall},
	{"unified", "io.pressure", "some", 1, func(c *Counters) **int64 { return &c.StallIO }, stall},
}

var figuresV2 = []figure{
	{"memory", "memory.peak", "", 1, func(c *Counters) **int64 { return &c.MemoryPeak }, nil},
	{"memory", "memory.events", "oom_kill", 1, func(c *Counters) **int64 { return &c.OOMKills }, nil},
	{"cpu", "cpu.stat", "usage_usec", 1000, func(c *Counters) **int64 { return &c.CPU }, nil},
	{"cpu", "cpu.stat", "user_usec", 1000, func(c *Counters) **int64 { return &c.CPUUser }, nil},
	{"cpu", "cpu.stat", "system_usec", 1000, func(c *Counters) **int64 { return &c.CPUSystem }, nil},
	{"cpu", "cpu.stat", "nr_throttled", 1, func(c *Counters) **int64 { return &c.Throttled }, nil},
	{"cpu", "cpu.stat", "throttled_usec", 1000, func(c *Counters) **int64 { return &c.ThrottleNs }, nil},
	{"pids", "pids.events", "max", 1, func(c *Counters) **int64 { return &c.PidsDenied }, nil},
	{"pids", "pids.peak", "", 1, func(c *Counters) **int64 { return &c.PidsPeak }, nil},
	{"memory", "memory.stat", "file", 1, func(c *Counters) **int64 { return &c.MemoryFiles }, nil},
	{"io", "io.stat", " rbytes=", 1, func(c *Counters) **int64 { return &c.BlockRead }, sumAfter},
	{"io", "io.stat", " wbytes=", 1, func(c *Counters) **int64 { return &c.BlockWritten }, sumAfter},
	{"unified", "cpu.pressure", "some", 1, func(c *Counters) **int64 { return &c.StallCPU }, stall},
	{"unified", "memory.pressure", "some", 1, func(c *Counters) **int64 { return &c.StallMemory }, stall},
	{"unified", "io.pressure", "some", 1, func(c *Counters) **int64 { return &c.StallIO }, stall},
}

// figures holds the files of a group open: a read through an open descriptor
// costs half a microsecond.
type figures struct {
	sources []source
	peak    *os.File // resets, and then shows the peak since; nil if it can't
}

// source is one open file and the figures in it.
type source struct {
	name    string
	file    *os.File
	fd      int
	figures []figure
}

func openFigures(g *Group) figures {
	table := figuresV1
	if g.place.Mode == V2 {
		table = figuresV2
	}
	var f figures
	for _, fig := range table {
		name := filepath.Join(g.folder(fig.controller), fig.file)
		if n := len(f.sources); n > 0 && f.sources[n-1].name == name {
			f.sources[n-1].figures = append(f.sources[n-1].figures, fig)
			continue
		}
		file := f.open(name)
		if file != nil {
			f.sources = append(f.sources, source{name, file, int(file.Fd()), []figure{fig}})
		}
	}
	return f
}

// open opens a file of figures, for writing too if it holds a peak: that is
// how a peak is reset. Before Linux 6.12 memory.peak can only be read.
func (f *figures) open(name string) *os.File {
	if base := filepath.Base(name); base == "memory.peak" || base == "memory.max_usage_in_bytes" {
		if file, err := os.OpenFile(name, os.O_RDWR, 0); err == nil {
			f.peak = file
			return file
		}
	}
	file, err := os.Open(name)
	if err != nil {
		return nil // this kernel has no such figure: it stays absent
	}
	return file
}

func (f *figures) close() {
	for _, s := range f.sources {
		_ = s.file.Close()
	}
}

// Counters reads all figures now.
func (g *Group) Counters() Counters {
	var c Counters
	var buf [4096]byte
	for _, s := range g.files.sources {
		// os.File.ReadAt would look for the end with a second read.
		n, err := syscall.Pread(s.fd, buf[:], 0)
		if err == nil {
			c.take(buf[:n], s.figures)
		}
	}
	return c
}

// take reads the figures of one file.
func (c *Counters) take(text []byte, figures []figure) {
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

// ResetPeak starts the memory peak afresh and says whether the kernel can.
func (g *Group) ResetPeak() bool {
	if g.files.peak == nil {
		return false
	}
	_, err := g.files.peak.WriteAt([]byte("0"), 0)
	return err == nil
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

func (g *Group) readText(controller, file string) string {
	text, err := os.ReadFile(filepath.Join(g.folder(controller), file))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

func (g *Group) readNumber(controller, file string) (int64, bool) {
	return reader(g.readText).number(controller, file)
}

// PeakSource and CPUSource name the files behind two figures.
func (g *Group) PeakSource() string {
	if g.place.Mode == V2 {
		return SourcePeakV2
	}
	return SourcePeakV1
}

// CPUSource names the file behind Counters.CPU.
func (g *Group) CPUSource() string {
	if g.place.Mode == V2 {
		return SourceCPUV2
	}
	return SourceCPUV1
}
