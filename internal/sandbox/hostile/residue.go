package hostile

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// residues counts what a run could leave.
type residues struct {
	groups, processes, files, interfaces, namespaces, descriptors, goroutines int
	containers, mounts                                                        []string
}

// count looks at everything. The processes of a token are named, and all that are
// behind the guard are counted.
func (s *Suite) count(ctx context.Context, t *Target, token string) residues {
	r := residues{
		files: entries(s.Temp), descriptors: entries("/proc/self/fd"), goroutines: runtime.NumGoroutine(), namespaces: namedNetworks(),
		mounts: hostMounts(),
	}
	if s.Guard != nil {
		r.groups = len(s.Guard.Left())
	}
	if token != "" {
		r.processes = len(processesOf(token))
	}
	if list, err := net.Interfaces(); err == nil {
		r.interfaces = len(list)
	}
	if t.Left != nil {
		left, err := t.Left(ctx)
		if err != nil {
			left = []string{"unknown: " + err.Error()}
		}
		r.containers = left
	}
	return r
}

func entries(dir string) int {
	list, _ := os.ReadDir(dir) // a folder that is gone has none
	return len(list)
}

// namedNetworks counts the network namespaces that a mount keeps alive.
func namedNetworks() int {
	mounts, _ := os.ReadFile("/proc/self/mountinfo")
	return strings.Count(string(mounts), " - nsfs ")
}

// hostMounts are the mounts of this machine with their options. Those below /proc
// come and go by the kernel's own doing, and those that an engine makes for each
// container are as many as there are containers, of whomever.
func hostMounts() (list []string) {
	mounts, _ := os.ReadFile("/proc/self/mountinfo") // a system without it has none to show
	for line := range strings.Lines(string(mounts)) {
		f := strings.Fields(line)
		if len(f) > 5 && !strings.HasPrefix(f[4], "/proc/") && !strings.Contains(line, " - overlay ") && !strings.Contains(line, " - nsfs ") &&
			!strings.Contains(f[4], "/containers/") {
			list = append(list, strings.Join(f[3:], " "))
		}
	}
	return list
}

// idle is how many descriptors and goroutines the connections to an engine may
// take that its client keeps for later.
const idle = 4

// more says what there is more of than at the baseline.
func (r residues) more(than residues) error {
	var errs []error
	for _, c := range []struct {
		what        string
		now, before int
	}{
		{"processes of it", r.processes, 0},
		{"control groups", r.groups, than.groups},
		{"temporary files", r.files, than.files},
		{"network interfaces", r.interfaces, than.interfaces},
		{"network namespaces", r.namespaces, than.namespaces},
		{"containers", len(r.containers), len(than.containers)},
		{"descriptors of the server", r.descriptors, than.descriptors + idle},
		{"goroutines of the server", r.goroutines, than.goroutines + 2*idle},
	} {
		if c.now > c.before {
			errs = append(errs, fmt.Errorf("%d %s are left, %d were there before", c.now, c.what, c.before))
		}
	}
	if !slices.Equal(r.mounts, than.mounts) {
		errs = append(errs, fmt.Errorf("the host's mounts are %q and were %q", only(r.mounts, than.mounts), only(than.mounts, r.mounts)))
	}
	return errors.Join(errs...)
}

// only is what is in one list and not in the other.
func only(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
}

// settling is how long a boundary may take to be cleared up after its result.
const settling = 10 * time.Second

// nothingLeft waits until all is as before, and says what is not.
func (s *Suite) nothingLeft(ctx context.Context, t *Target, token string) error {
	if err := s.canary.touched(); err != nil {
		return err
	}
	t.Settle()
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		err := s.count(ctx, t, token).more(s.baseline)
		if err == nil || ctx.Err() != nil || time.Since(begun) > settling {
			return err
		}
	}
}
