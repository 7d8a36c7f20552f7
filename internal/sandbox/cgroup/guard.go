//go:build linux

package cgroup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"benchcell/internal/bench"
)

// Guard is a group around groups: what is made below it, by whomever, has a bound
// on memory and processes all together. It holds no process itself.
type Guard struct {
	group *Group
	inner *Place
}

// NewGuard makes one below a parent as Find takes it. It must bound both, or it
// is refused.
func NewGuard(parent, name string, limits bench.Limits) (*Guard, error) {
	outer, err := Find(parent)
	if err != nil {
		return nil, err
	}
	g := &Guard{}
	if g.group, err = outer.Create(name, limits); err != nil {
		return nil, err
	}
	have := g.group.ReadBack()
	if !sameSize(limits.Memory, have.Limits.Memory) || have.Limits.Pids != limits.Pids {
		return nil, errors.Join(fmt.Errorf("a guard of %d bytes and %d processes is not in force: see 'orchestrator doctor'", limits.Memory, limits.Pids), g.group.Delete())
	}
	if g.inner, err = Find(g.group.path); err != nil {
		return nil, errors.Join(err, g.group.Delete())
	}
	return g, nil
}

// Clear removes the guard of this name that a dead process left, with whatever is
// below it, and the groups beside it whose names begin with prefix.
func Clear(parent, name, prefix string) error {
	outer, err := Find(parent)
	if err != nil {
		return err
	}
	_, swept := outer.Sweep(prefix)
	g := &Guard{group: outer.existing(name)}
	if g.inner, err = Find(g.group.path); err != nil {
		return errors.Join(swept, err)
	}
	return errors.Join(swept, g.Close())
}

// Path is the parent for groups that are to be guarded.
func (g *Guard) Path() string { return g.group.path }

// Left names the groups below the guard.
func (g *Guard) Left() []string {
	found := map[string]bool{}
	var names []string
	for _, dir := range g.group.folders() {
		entries, _ := os.ReadDir(dir) // one that is gone has none
		for _, e := range entries {
			if e.IsDir() && !found[e.Name()] {
				found[e.Name()] = true
				names = append(names, e.Name())
			}
		}
	}
	return names
}

// Clear kills and removes whatever is below the guard.
func (g *Guard) Clear() error {
	_, err := g.inner.Sweep("")
	return err
}

// Close removes the guard, with whatever is left below it.
func (g *Guard) Close() error {
	err := errors.Join(g.Clear(), g.group.Delete())
	// An engine makes the path in every hierarchy of v1, also where nothing is
	// limited. Only empty groups can be removed.
	for _, mount := range g.inner.v1 {
		others, _ := filepath.Glob(filepath.Join(filepath.Dir(mount), "*", g.group.path))
		for _, dir := range others {
			err = errors.Join(err, os.Remove(dir))
		}
	}
	return err
}

// Holds says whether a process is below the guard. Where systemd keeps the
// groups, what an engine makes is in a slice of the guard's name instead, which
// gets the same bounds here.
func (g *Guard) Holds(pid int) error {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil {
		return err
	}
	group := groupOf(string(text), g.group.place.Mode)
	if strings.HasPrefix(group, g.group.path+"/") {
		return nil
	}
	slice := filepath.Dir(group)
	if filepath.Base(slice) != Slice(g.group.path) {
		return fmt.Errorf("process %d is in %s, not below the guard %s", pid, group, g.group.path)
	}
	return g.bound(slice)
}

// bound puts the guard's own limits in force on another group, and reads them back.
func (g *Guard) bound(path string) error {
	other := &Place{Mode: g.inner.Mode, unified: g.inner.unified, v1: g.inner.v1, v2: g.inner.v2, parent: filepath.Dir(path)}
	group := other.existing(filepath.Base(path))
	want := g.group.ReadBack().Limits
	if err := group.SetLimits(want); err != nil {
		return err
	}
	if have := group.ReadBack().Limits; have.Memory != want.Memory || have.Pids != want.Pids {
		return fmt.Errorf("the bounds of the guard are not in force on %s", path)
	}
	return nil
}
