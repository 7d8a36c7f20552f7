//go:build linux

package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

func init() {
	add(map[string]program{
		"descriptors": descriptors,
		"host-files":  hostFiles,
		"host-view":   hostView,
		"core-dump":   coreDump,
		"abort":       abort,
		"terminal":    terminal,
	})
}

// descriptors lists what this program was born with. It asks the kernel one by
// one, so that it opens nothing itself; what the Go runtime opened is left out.
func descriptors([]string) {
	for fd := range 4096 {
		if call(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFD) != nil {
			continue
		}
		target, _ := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
		own := strings.HasPrefix(target, "anon_inode:[event") || strings.HasPrefix(target[strings.LastIndexByte(target, '/')+1:], "cpu.")
		if !own {
			say("descriptor "+strconv.Itoa(fd), target)
		}
	}
}

// hostFiles looks for what is on the host: its arguments, and the doors that
// engines leave.
func hostFiles(args []string) {
	for _, name := range append(args, "/var/run/docker.sock", "/run/docker.sock", "/run/podman/podman.sock", "/run/containerd/containerd.sock",
		"/var/lib/docker", "/root/.ssh", "/root/.docker", "/etc/shadow", "/proc/kcore", "/dev/log", "/dev/kmsg", "/dev/mem", "/host", "/.host") {
		f, err := os.Open(name)
		if err == nil {
			if info, e := f.Stat(); e == nil && info.Mode()&os.ModeDevice != 0 && info.Sys().(*syscall.Stat_t).Rdev == 1<<8|3 {
				err = syscall.ENOENT // /dev/null laid over it
			}
			if n, e := f.Read(make([]byte, 1)); n == 0 && e != nil && err == nil && !isFolder(f) {
				err = syscall.EIO
			}
			if isFolder(f) && empty(f) {
				err = syscall.ENOENT // a folder with nothing in it, laid over
			}
			_ = f.Close()
		}
		try(name, err)
	}
}

func isFolder(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.IsDir()
}

func empty(f *os.File) bool {
	names, _ := f.Readdirnames(1)
	return len(names) == 0
}

// hostView tells what of the host shows: its name, its processes, and what they
// and this program have in their environment.
func hostView([]string) {
	name, _ := os.Hostname()
	say("hostname", name)
	processes := 0
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		if _, err := strconv.Atoi(e.Name()); err == nil {
			processes++
			environment, _ := os.ReadFile("/proc/" + e.Name() + "/environ")
			if e.Name() != strconv.Itoa(os.Getpid()) && len(environment) > 0 {
				say("environment of "+e.Name(), strings.ReplaceAll(string(environment), "\x00", " "))
			}
		}
	}
	say("processes", strconv.Itoa(processes))
	for _, kv := range os.Environ() {
		say("environment", kv)
	}
}

// coreDump has a child die with a dump, where it may.
func coreDump([]string) {
	_ = os.Chdir(folder())
	p := self("abort", nil)
	state, err := p.Wait()
	if err != nil {
		os.Exit(1)
	}
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.CoreDump() {
		say("dumped", "yes")
	}
	var l syscall.Rlimit
	_ = syscall.Getrlimit(syscall.RLIMIT_CORE, &l)
	say("core limit", strconv.FormatUint(l.Max, 10))
}

func abort([]string) { die(syscall.SIGABRT) }

// terminal types a letter into the terminal of whoever started all this, as far as
// there is one: by its streams, and as the one of its session.
func terminal([]string) {
	const typeIn, makeMine = 0x5412, 0x540e // TIOCSTI, TIOCSCTTY
	letter := [1]byte{'#'}
	for fd, name := range [...]string{"input", "output", "errors"} {
		try("type into standard "+name, call(syscall.SYS_IOCTL, uintptr(fd), typeIn, uintptr(unsafe.Pointer(&letter[0]))))
	}
	for _, name := range [...]string{"/dev/tty", "/.host/dev/tty"} {
		fd, err := syscall.Open(name, syscall.O_RDWR|syscall.O_NOCTTY, 0)
		try(name, err)
		if err == nil {
			_ = syscall.Close(fd)
		}
	}
	try("take standard input for a terminal", call(syscall.SYS_IOCTL, 0, makeMine, 1))
}
