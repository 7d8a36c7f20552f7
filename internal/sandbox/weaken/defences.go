package weaken

// Defences are the names that can be switched off for a sandboxed process, which
// are those of its receipt where it has them: no blank, but a hyphen.
var Defences = []string{
	"pid-namespace", "ipc-namespace", "uts-namespace", "network", "cgroup-namespace", "user-namespace",
	"host", "root", "disk", "user", "capabilities", "privileges", "system-calls", "dumpable", "descriptors",
	"memory", "cpus", "pids", "output", "tree",
}
