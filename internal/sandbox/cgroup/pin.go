//go:build linux

package cgroup

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Pin has the group's processes run on these processors alone, nil for all that
// it had. One file is written, which takes a tenth of a millisecond; the library
// would look at every controller, and the engine's update take many. An error
// says that the controller is not at hand: nothing has changed then.
func (g *Group) Pin(cpus []int) error {
	if slices.Equal(cpus, g.pinned) {
		return nil
	}
	name := filepath.Join(g.folder("cpuset"), "cpuset.cpus")
	if g.pinned == nil {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		g.unpinned = strings.TrimSpace(string(text))
	}
	set := g.unpinned // on v2 it is empty: whatever the parent has
	if len(cpus) > 0 {
		set = strings.ReplaceAll(strings.Trim(fmt.Sprint(cpus), "[]"), " ", ",")
	}
	if err := writeFile(name, set+"\n"); err != nil {
		return err
	}
	g.pinned = cpus
	return nil
}
