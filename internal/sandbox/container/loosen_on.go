//go:build weaken

package container

import (
	"github.com/docker/docker/api/types/container"
	"github.com/docker/go-units"

	"benchcell/internal/sandbox/weaken"
)

// loosen takes away what a build that can weaken is told to. It is the list of
// what keeps a container apart, each by its name.
func loosen(config *container.Config, host *container.HostConfig) {
	yes := true
	for defence, off := range map[string]func(){
		"network":       func() { host.NetworkMode, config.NetworkDisabled = "host", false },
		"root":          func() { host.ReadonlyRootfs = false },
		"user":          func() { config.User = "0:0" },
		"capabilities":  func() { host.CapDrop = nil }, // an engine then gives some by itself; not every one may give all
		"privileges":    func() { host.SecurityOpt = host.SecurityOpt[1:] },
		"system-calls":  func() { host.SecurityOpt = append(host.SecurityOpt[:1:1], profileOption+"unconfined") },
		"pid-namespace": func() { host.PidMode = "host" },
		"ipc-namespace": func() { host.IpcMode = "host" },
		"uts-namespace": func() { host.UTSMode, config.Hostname = "host", "" },
		"host":          func() { host.Binds = []string{"/:/host:ro"} },
		"init":          func() { host.Init = &yes },
		"core":          func() { host.Ulimits = without(host.Ulimits, "core") },
		"open-files":    func() { host.Ulimits = without(host.Ulimits, "nofile") },
		"disk":          func() { host.Ulimits = without(host.Ulimits, "fsize") },
		"shm":           func() { host.ShmSize = 256 << 20 },
		"inodes": func() {
			for folder := range host.Tmpfs {
				host.Tmpfs[folder] = "rw,exec,nosuid,nodev,mode=0700,uid=65534,gid=65534"
			}
		},
	} {
		if weaken.Off(defence) {
			off()
		}
	}
}

func without(list []*units.Ulimit, name string) (rest []*units.Ulimit) {
	for _, l := range list {
		if l.Name != name {
			rest = append(rest, l)
		}
	}
	return rest
}
