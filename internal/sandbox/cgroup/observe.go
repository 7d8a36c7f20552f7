//go:build linux

package cgroup

import (
	"context"
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

// Remote reads a group's figures through somebody who sees its files.
type Remote struct {
	sources []source
	read    func(ctx context.Context, paths []string) ([]string, error)
}

// NewRemote reads the files of the reader's own group, which is mounted at
// /sys/fs/cgroup in its container, on v1 and v2 alike.
func NewRemote(read func(ctx context.Context, paths []string) ([]string, error)) *Remote {
	r := &Remote{read: read}
	for _, table := range [][]figure{figuresV1, figuresV2} {
		for _, fig := range table {
			name := filepath.Join("/sys/fs/cgroup", fig.file)
			if fig.controller != "unified" && table[0].file == figuresV1[0].file {
				name = filepath.Join("/sys/fs/cgroup", fig.controller, fig.file)
			}
			r.add(name, fig)
		}
	}
	return r
}

func (r *Remote) add(name string, fig figure) {
	for i := range r.sources {
		if r.sources[i].name == name {
			r.sources[i].figures = append(r.sources[i].figures, fig)
			return
		}
	}
	r.sources = append(r.sources, source{name: name, figures: []figure{fig}})
}

// ReadBack reads the limits in force, as seen from inside.
func (r *Remote) ReadBack(ctx context.Context) (Effective, error) {
	var failed error
	read := func(path string) string {
		texts, err := r.read(ctx, []string{path})
		if err != nil {
			failed = err
			return ""
		}
		return texts[0]
	}
	v2 := read("/sys/fs/cgroup/cgroup.controllers") != ""
	e := readBack(v2, func(controller, file string) string {
		if v2 {
			return read("/sys/fs/cgroup/" + file)
		}
		return read("/sys/fs/cgroup/" + controller + "/" + file)
	})
	return e, failed
}

// Counters asks for all files at once. One that is missing leaves its figures
// absent; v1 and v2 have no file name in common but cpu.stat, whose keys differ.
func (r *Remote) Counters(ctx context.Context) (Counters, error) {
	paths := make([]string, len(r.sources))
	for i, s := range r.sources {
		paths[i] = s.name
	}
	texts, err := r.read(ctx, paths)
	var c Counters
	for i, text := range texts {
		if text != "" {
			c.take([]byte(text), r.sources[i].figures)
		}
	}
	return c, err
}
