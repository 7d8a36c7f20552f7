//go:build linux

package cgroup

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Mode is how the host mounts its control groups.
type Mode string

// The modes. Hybrid is v1 controllers beside a v2 hierarchy that has none of
// them, which still gives cgroup.kill, cpu.stat and pressure.
const (
	V1     Mode = "v1"
	V2     Mode = "v2"
	Hybrid Mode = "hybrid"
	None   Mode = "none"
)

// controllers are those that limit or measure a run.
var controllers = []string{"memory", "cpu", "cpuacct", "cpuset", "pids", "freezer", "blkio"}

// Place is where this process may create groups.
type Place struct {
	Mode    Mode
	unified string            // mount point of the v2 hierarchy, "" without one
	v1      map[string]string // controller to its mount point
	parent  string            // path of the parent group in every hierarchy
	v2      []string          // controllers that the v2 parent can hand down
}

// Off asks, as a parent, for no control groups at all.
const Off = "none"

// Find looks for a place. parent is the path of the group to create below, ""
// to choose: the delegated subtree that this process lives in, or /benchcell
// for root. The error says what is missing and how to get it.
func Find(parent string) (*Place, error) {
	if parent == Off {
		return nil, errors.New("control groups are switched off in the configuration (isolation.process.cgroup_parent)")
	}
	p, err := mounted()
	if err != nil {
		return p, err
	}
	if p.parent = parent; parent == "" {
		p.parent = "/benchcell"
		if p.Mode == V2 {
			p.parent, err = chooseV2(p.unified)
			if err != nil {
				return p, err
			}
		}
	}
	return p, p.prepare()
}

// mounted is where this host has its control groups.
func mounted() (*Place, error) {
	mounts, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	defer mounts.Close()
	p := &Place{Mode: None, v1: map[string]string{}}
	if err := p.readMounts(mounts); err != nil {
		return nil, err
	}
	switch {
	case len(p.v1) > 0 && p.unified != "":
		p.Mode = Hybrid
	case len(p.v1) > 0:
		p.Mode = V1
	case p.unified != "":
		p.Mode = V2
	default:
		return p, errors.New("no cgroup file system is mounted")
	}
	return p, nil
}

// readMounts finds the mount points of cgroup and cgroup2 in mountinfo.
func (p *Place) readMounts(r io.Reader) error {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		before, after, ok := strings.Cut(lines.Text(), " - ")
		left, right := strings.Fields(before), strings.Fields(after)
		if !ok || len(left) < 5 || len(right) < 3 {
			continue
		}
		switch right[0] {
		case "cgroup2":
			p.unified = left[4]
		case "cgroup":
			for _, option := range strings.Split(right[2], ",") {
				if slices.Contains(controllers, option) {
					p.v1[option] = left[4]
				}
			}
		}
	}
	return lines.Err()
}

// prepare creates the parent group and learns what it can control.
func (p *Place) prepare() error {
	for name, mount := range p.v1 {
		if err := makeParent(filepath.Join(mount, p.parent)); err != nil {
			if !errors.Is(err, os.ErrPermission) && !errors.Is(err, errReadOnly) {
				return err
			}
			delete(p.v1, name)
		}
	}
	if p.unified != "" {
		if err := p.prepareUnified(); err != nil {
			if p.Mode == V2 {
				return err
			}
			p.unified = ""
		}
	}
	if len(p.v1) == 0 && p.unified == "" {
		return fmt.Errorf("this user may not create control groups below %s", p.parent)
	}
	return nil
}

// makeParent fails too where the group is there already, and somebody else's.
func makeParent(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	const write = 2
	if err := syscall.Access(dir, write); err != nil {
		return fmt.Errorf("control group %s: %w", dir, err)
	}
	return nil
}

func (p *Place) prepareUnified() error {
	dir := filepath.Join(p.unified, p.parent)
	if err := makeParent(dir); err != nil {
		return err
	}
	if p.Mode != V2 {
		return nil
	}
	if err := handDown(p.unified, p.parent); err != nil {
		return err
	}
	enabled, err := os.ReadFile(filepath.Join(dir, "cgroup.subtree_control"))
	p.v2 = strings.Fields(string(enabled))
	return err
}

// Controls says whether groups made here can limit by this controller.
func (p *Place) Controls(controller string) bool {
	if p == nil {
		return false
	}
	_, v1 := p.v1[controller]
	return v1 || slices.Contains(p.v2, controller)
}

// Parent is the path below which groups are created.
func (p *Place) Parent() string { return p.parent }
