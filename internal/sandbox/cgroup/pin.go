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
		had, err := processorsOf(name)
		if err != nil {
			return err
		}
		g.unpinned = had
	}
	set := g.unpinned
	if len(cpus) > 0 {
		set = strings.ReplaceAll(strings.Trim(fmt.Sprint(cpus), "[]"), " ", ",")
	}
	if err := writeFile(name, set+"\n"); err != nil {
		return err
	}
	g.pinned = cpus
	return nil
}

// processorsOf is what a group may run on before it is pinned. On v2 its own file
// is empty, and can't be made so again while it has processes.
func processorsOf(name string) (string, error) {
	text, err := os.ReadFile(name)
	if err == nil && strings.TrimSpace(string(text)) == "" {
		text, err = os.ReadFile(name + ".effective")
	}
	return strings.TrimSpace(string(text)), err
}
