package weaken

// Defences are the names of what keeps a sandboxed process in, each of which can
// be switched off: as its receipt has them, with hyphens for blanks. What the
// runner enforces in every boundary has further names, where it is asked for.
var Defences = []string{
	"pid-namespace", "ipc-namespace", "uts-namespace", "cgroup-namespace", "network", "host", "root", "user",
	"capabilities", "privileges", "system-calls", "disk", "inodes", "shm",
}
