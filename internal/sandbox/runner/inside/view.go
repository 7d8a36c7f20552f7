//go:build linux

package inside

import "syscall"

// viewed are the files that tell what a program inside is and sees.
var viewed = [...]string{
	"/proc/self/status", "/proc/self/net/dev", "/proc/self/mountinfo", "/proc/self/uid_map", "/proc/self/gid_map",
}

// namespaces are the links of /proc/self/ns.
var namespaces = [...]string{"pid", "mnt", "ipc", "uts", "net", "cgroup", "user"}

// View prints what a program in this place is told by the kernel: the server
// has the runner start it as it starts all others, and so reads back what is in
// force for them. A NUL ends each part.
func View() int {
	var buf [4 << 10]byte
	for _, path := range viewed {
		fd, err := syscall.Open(path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		for err == nil {
			var n int
			if n, err = syscall.Read(fd, buf[:]); n <= 0 {
				break
			}
			say(buf[:n])
		}
		_, _ = syscall.Write(1, []byte{0})
	}
	for _, name := range namespaces {
		n, err := syscall.Readlink("/proc/self/ns/"+name, buf[:])
		if err == nil {
			say(buf[:n])
		}
		_, _ = syscall.Write(1, []byte{'\n'})
	}
	return 0
}

func say(b []byte) {
	for len(b) > 0 {
		n, err := syscall.Write(1, b)
		if err != nil {
			return
		}
		b = b[n:]
	}
}
