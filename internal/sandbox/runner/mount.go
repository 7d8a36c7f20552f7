package runner

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"benchcell/internal/bench"
)

// Writable are the folders of a boundary with a root of its own that programs may
// write to. All are tmpfs.
var Writable = []string{"/work", "/tmp", "/dev/shm"}

// Sized are those of them that have the size of the limit on the disk, each.
var Sized = []string{"/work", "/tmp"}

const howSized = "tmpfs size of /work and /tmp, each"

// Mount is one line of mountinfo.
type Mount struct {
	Path    string
	Options []string // of the mount, and those of its file system behind them
}

func parseMount(line string) Mount {
	left, right, _ := strings.Cut(line, " - ")
	l, r := strings.Fields(left), strings.Fields(right)
	var m Mount
	if len(l) > 5 {
		m.Path, m.Options = l[4], strings.Split(l[5], ",")
	}
	if len(r) > 2 {
		m.Options = append(m.Options, strings.Split(r[2], ",")...)
	}
	return m
}

// Has says whether a mount has an option.
func (m Mount) Has(option string) bool { return slices.Contains(m.Options, option) }

// ReadOnly says whether the mount is, whatever its file system is.
func (m Mount) ReadOnly() bool { return len(m.Options) > 0 && m.Options[0] == "ro" }

// Size is that of a tmpfs in bytes, 0 without one.
func (m Mount) Size() int64 {
	for _, o := range m.Options {
		if text, ok := strings.CutPrefix(o, "size="); ok {
			kib, _ := strconv.ParseInt(strings.TrimSuffix(text, "k"), 10, 64)
			return kib << 10
		}
	}
	return 0
}

// mount is the one on a path; the last of them is what shows.
func (v *View) mount(path string) (found Mount) {
	for _, m := range v.Mounts {
		if m.Path == path {
			found = m
		}
	}
	return found
}

// Disk says whether the folders that programs fill have the size that was asked
// for, which the kernel rounds up to whole pages.
func (v *View) Disk(bytes int64) Protection {
	const page = 4096
	p := Protection{Name: bench.LimitDisk, Asked: fmt.Sprintf("%d bytes", bytes), How: howSized, Must: true}
	for _, path := range Sized {
		if size := v.mount(path).Size(); size < bytes || size >= bytes+page {
			return p
		}
	}
	p.Seen = p.Asked
	return p
}

// RestateDisk has a receipt's line of the disk say what the view saw.
func (v *View) RestateDisk(lines []bench.Receipt) {
	how, size := howSized, v.mount(Sized[0]).Size()
	for i := range lines {
		if lines[i].Limit == bench.LimitDisk && size > 0 {
			lines[i].Mechanism, lines[i].Effective = &how, size
		}
	}
}
