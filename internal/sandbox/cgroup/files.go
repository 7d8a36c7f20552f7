//go:build linux

package cgroup

import (
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// figures holds the files of a group open: a read through an open descriptor
// costs half a microsecond.
type figures struct {
	counters, totals []source
	glance           []source
	peak             *os.File // resets, and then shows the peak since; nil if it can't
	buf              []byte   // of one file, for whoever has the group: a run reads three times
}

// source is one open file and the figures in it.
type source struct {
	name    string
	file    *os.File
	fd      int
	figures []figure
}

func openFigures(g *Group) figures {
	counters, totals, glance := figuresV1, totalsV1, glanceV1
	if g.place.Mode == V2 {
		counters, totals, glance = figuresV2, totalsV2, glanceV2
	}
	f := figures{buf: make([]byte, 4096)}
	f.counters = f.openAll(g, counters)
	f.totals = f.openAll(g, totals)
	f.glance = f.openAll(g, glance)
	return f
}

func (f *figures) openAll(g *Group, table []figure) (list []source) {
	for _, fig := range table {
		name := filepath.Join(g.folder(fig.controller), fig.file)
		if n := len(list); n > 0 && list[n-1].name == name {
			list[n-1].figures = append(list[n-1].figures, fig)
			continue
		}
		if file := f.open(name); file != nil {
			list = append(list, source{name, file, int(file.Fd()), []figure{fig}})
		}
	}
	return list
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
	for _, s := range slices.Concat(f.counters, f.totals, f.glance) {
		_ = s.file.Close()
	}
}

// Counters reads the counters now. One caller at a time, of Totals too.
func (g *Group) Counters() Counters { return g.files.read(g.files.counters).Counters }

// Totals reads the totals now.
func (g *Group) Totals() Totals { return g.files.read(g.files.totals).Totals }

func (f *figures) read(sources []source) (c reading) {
	for _, s := range sources {
		// os.File.ReadAt would look for the end with a second read.
		n, err := syscall.Pread(s.fd, f.buf, 0)
		if err == nil {
			c.take(f.buf[:n], s.figures)
		}
	}
	return c
}

// ResetPeak starts the memory peak afresh and says whether the kernel can.
func (g *Group) ResetPeak() bool {
	if g.files.peak == nil {
		return false
	}
	_, err := g.files.peak.WriteAt([]byte("0"), 0)
	return err == nil
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
