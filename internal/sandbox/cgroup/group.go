//go:build linux

package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/containerd/cgroups/v3/cgroup1"
	"github.com/containerd/cgroups/v3/cgroup2"
	specs "github.com/opencontainers/runtime-spec/specs-go"

	"benchcell/internal/bench"
)

// Group is one control group of ours, in every hierarchy of its place.
type Group struct {
	place *Place
	path  string
	v1    cgroup1.Cgroup
	v2    *cgroup2.Manager
	dir   *os.File // of the v2 hierarchy, to start processes in
	files figures

	pinned   []int  // processors that Pin has put in force
	unpinned string // and what was before
}

// Create makes a group below the place's parent with limits in force.
func (p *Place) Create(name string, limits bench.Limits) (*Group, error) {
	g := &Group{place: p, path: filepath.Join(p.parent, name)}
	if err := g.create(Resources(limits)); err != nil {
		return nil, errors.Join(fmt.Errorf("create control group %s: %w", g.path, err), g.Delete())
	}
	g.files = openFigures(g)
	return g, nil
}

func (g *Group) create(r *specs.LinuxResources) (err error) {
	if len(g.place.v1) > 0 {
		g.v1, err = cgroup1.New(cgroup1.StaticPath(g.path), g.place.forV1(r), cgroup1.WithHierarchy(g.place.subsystems))
		if err != nil {
			return err
		}
	}
	if g.place.unified == "" {
		return nil
	}
	own := &cgroup2.Resources{}
	if g.place.Mode == V2 {
		own = cgroup2.ToResources(g.place.forV2(r))
	}
	if err := os.Mkdir(g.v2Dir(), 0o755); err != nil {
		return err
	}
	if g.v2, err = cgroup2.Load(g.path, cgroup2.WithMountpoint(g.place.unified)); err != nil {
		return err
	}
	if err := g.v2.Update(own); err != nil {
		return err
	}
	g.dir, err = os.Open(g.v2Dir())
	return err
}

// subsystems is the hierarchy of the v1 library: what this place has.
func (p *Place) subsystems() ([]cgroup1.Subsystem, error) {
	all, err := cgroup1.Default()
	var ours []cgroup1.Subsystem
	for _, s := range all {
		if _, ok := p.v1[string(s.Name())]; ok {
			ours = append(ours, s)
		}
	}
	return ours, err
}

// forV1 leaves out what this kernel has no file for; the receipt will show it.
func (p *Place) forV1(r *specs.LinuxResources) *specs.LinuxResources {
	without := *r
	if r.Memory != nil {
		memory := *r.Memory
		lacks := func(file string) bool {
			_, err := os.Stat(filepath.Join(p.v1["memory"], p.parent, file))
			return err != nil
		}
		if lacks("memory.memsw.limit_in_bytes") {
			memory.Swap = nil
		}
		if lacks(socketLimit) {
			memory.KernelTCP = nil
		}
		without.Memory = &memory
	}
	return &without
}

func (p *Place) forV2(r *specs.LinuxResources) *specs.LinuxResources {
	without := *r
	if !p.Controls("memory") {
		without.Memory = nil
	}
	if !p.Controls("cpu") {
		without.CPU = nil
	}
	if !p.Controls("pids") {
		without.Pids = nil
	}
	return &without
}

// SetLimits puts other limits in force. It costs microseconds: no process moves.
func (g *Group) SetLimits(limits bench.Limits) error {
	r := Resources(limits)
	if g.v1 != nil {
		if err := g.setV1(g.place.forV1(r)); err != nil {
			return err
		}
	}
	if g.v2 != nil && g.place.Mode == V2 {
		return g.v2.Update(cgroup2.ToResources(g.place.forV2(r)))
	}
	return nil
}

// setV1 widens memory and swap together first: the kernel takes no memory limit
// above theirs, and the library's own order does not see to it.
func (g *Group) setV1(r *specs.LinuxResources) error {
	if have, ok := g.readNumber("memory", "memory.memsw.limit_in_bytes"); ok && r.Memory != nil && *r.Memory.Swap > have {
		wider := &specs.LinuxResources{Memory: &specs.LinuxMemory{Swap: r.Memory.Swap}}
		if err := g.v1.Update(wider); err != nil {
			return err
		}
	}
	return g.v1.Update(r)
}

// BoundSockets bounds what sockets hold, where v1 does not count it as memory, of a
// group that somebody else made: no engine does. What became of it is read back.
func (g *Group) BoundSockets(bytes int64) {
	_ = writeFile(filepath.Join(g.folder("memory"), socketLimit), strconv.FormatInt(bytes, 10))
}

// ReadBack reads the limits from the kernel.
func (g *Group) ReadBack() Effective {
	return readBack(g.place.Mode == V2, g.readText)
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

// FD is the group's folder in the v2 hierarchy for SysProcAttr.CgroupFD.
func (g *Group) FD() (int, bool) {
	if g.dir == nil {
		return -1, false
	}
	return int(g.dir.Fd()), true
}

// Adopt moves a process into the v1 hierarchies, in all of them at a time:
// after idleness each move waits 10 ms for the kernel, so this belongs to the
// warming up and never to a run.
func (g *Group) Adopt(pid int) error {
	errs := make([]error, len(controllers))
	var wg sync.WaitGroup
	for i, c := range controllers {
		if _, ok := g.place.v1[c]; !ok {
			continue
		}
		wg.Go(func() {
			errs[i] = writeFile(filepath.Join(g.folder(c), "cgroup.procs"), strconv.Itoa(pid))
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// Pids lists the processes of the group.
func (g *Group) Pids() ([]int, error) {
	dirs := g.folders()
	if len(dirs) == 0 {
		return nil, nil
	}
	text, err := os.ReadFile(filepath.Join(dirs[0], "cgroup.procs"))
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, field := range strings.Fields(string(text)) {
		if pid, err := strconv.Atoi(field); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// Delete removes the group from every hierarchy; its processes must be dead,
// and the kernel may need a moment to let go of them.
func (g *Group) Delete() error {
	g.files.close()
	if g.dir != nil {
		_ = g.dir.Close()
	}
	var err error
	for range 200 {
		if err = g.remove(); err == nil {
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return err
}

func (g *Group) remove() error {
	var errs []error
	for _, dir := range g.folders() {
		if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// folders lists the group's folder in each hierarchy.
func (g *Group) folders() []string {
	var list []string
	if g.place.unified != "" {
		list = append(list, g.v2Dir())
	}
	for c := range g.place.v1 {
		list = append(list, g.folder(c))
	}
	return list
}

func (g *Group) v2Dir() string { return filepath.Join(g.place.unified, g.path) }

// folder is where a controller's files are.
func (g *Group) folder(controller string) string {
	if mount, ok := g.place.v1[controller]; ok {
		return filepath.Join(mount, g.path)
	}
	return g.v2Dir()
}

// existing is a group that an earlier process created.
func (p *Place) existing(name string) *Group {
	g := &Group{place: p, path: filepath.Join(p.parent, name)}
	if len(p.v1) > 0 {
		g.v1, _ = cgroup1.Load(cgroup1.StaticPath(g.path), cgroup1.WithHierarchy(p.subsystems))
	}
	if p.unified != "" {
		g.v2, _ = cgroup2.Load(g.path, cgroup2.WithMountpoint(p.unified))
	}
	return g
}
