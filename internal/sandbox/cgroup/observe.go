//go:build linux

package cgroup

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Observe finds the group that a process of somebody else's making lives in,
// like PID 1 of a container, to read it: it is never limited or removed here.
// The error says that its files are not at hand.
func Observe(pid int, id string) (*Group, error) {
	p, err := mounted()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil {
		return nil, err
	}
	g := &Group{place: p, path: groupOf(string(text), p.Mode)}
	if !strings.Contains(g.path, id) {
		return nil, fmt.Errorf("process %d is not that of container %.12s", pid, id)
	}
	inside, err := os.ReadFile(filepath.Join(g.folder("memory"), "cgroup.procs"))
	if err != nil {
		return nil, err
	}
	if !slices.Contains(strings.Fields(string(inside)), strconv.Itoa(pid)) {
		return nil, fmt.Errorf("control group %s does not hold process %d", g.path, pid)
	}
	g.files = openFigures(g)
	return g, nil
}

// groupOf picks the group from /proc/PID/cgroup: that of the memory controller,
// and of v2 where there is no other.
func groupOf(text string, mode Mode) string {
	for line := range strings.Lines(text) {
		hierarchy, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		names, path, _ := strings.Cut(rest, ":")
		if (mode == V2 && hierarchy == "0") || slices.Contains(strings.Split(names, ","), "memory") {
			return path
		}
	}
	return ""
}

// Close lets go of the files of an observed group.
func (g *Group) Close() { g.files.close() }
