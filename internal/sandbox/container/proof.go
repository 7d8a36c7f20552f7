package container

import (
	"errors"
	"slices"
	"strings"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/runner"
	"benchcell/internal/sandbox/weaken"
)

// protections are what must hold of a container, as a program that was started in
// it saw it. What another kernel has no word for, like that of gVisor, is in the
// receipt as far as it tells, and nothing is refused for it.
func (x *box) protections(k kind) []runner.Protection {
	apart := x.view.Apart(runner.Separate())
	apart.Must = x.group != nil // an engine of another machine counts its namespaces for itself
	list := append(x.view.Protections(), apart, mounts(x.view))
	if ownKernel(k.runtime) {
		for i := range list {
			list[i].Must = list[i].Must && slices.Contains(everyKernel, list[i].Name)
		}
	}
	return list
}

// everyKernel tells of these.
var everyKernel = []string{"network", "root", "user", "capabilities"}

// verify refuses a container that is not what its kind says.
func (x *box) verify(k kind) error {
	list := x.protections(k)
	if !ownKernel(k.runtime) {
		list = append(list, x.view.Disk(k.limits.Disk))
	}
	if weaken.Off("host") || weaken.Off("init") || weaken.Off("inodes") || weaken.Off("ipc-namespace") { // which show in the mounts
		list = slices.DeleteFunc(list, func(p runner.Protection) bool { return p.Name == "mounts" || p.Name == bench.LimitDisk })
	}
	return errors.Join(x.verifyLimits(k.limits), notAsAsked(runner.Verify(list)))
}

// ofTheKernel are mounts that an engine makes in every container: the kernel's own
// file systems, devices that it chose, and what it lays over their files.
var ofTheKernel = []string{"/proc", "/sys", "/dev"}

// ofTheEngine are files that an engine puts into every container.
var ofTheEngine = []string{"/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/run/.containerenv", "/run/secrets"}

// mounts wants nothing but these: what else there is came from the host.
func mounts(v *runner.View) runner.Protection {
	p := runner.Protection{Name: "mounts", Asked: "none of the host, read-only, nosuid, nodev", How: "/proc/self/mountinfo", Must: true}
	for _, m := range v.Mounts {
		if !expected(m) {
			return p
		}
	}
	if len(v.Mounts) > 0 {
		p.Seen = "the engine's own; to write to are " + strings.Join(runner.Writable, ", ") + ", which are nosuid, nodev"
	}
	return p
}

func expected(m runner.Mount) bool {
	switch {
	case slices.Contains(runner.Writable, m.Path):
		return m.Has("nosuid") && m.Has("nodev")
	case m.Path == "/", slices.Contains(ofTheEngine, m.Path):
		return true // that the root is read-only is a line of its own; root alone may write to the files
	}
	return slices.ContainsFunc(ofTheKernel, func(dir string) bool { return m.Path == dir || strings.HasPrefix(m.Path, dir+"/") })
}
