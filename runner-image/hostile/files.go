//go:build linux

package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

func init() {
	add(map[string]program{
		"disk-fill":   func([]string) { fill(folder(), 12, 4<<20) },
		"large-file":  func([]string) { fill(folder(), 1, 48<<20) },
		"sparse-file": sparseFile,
		"many-files":  manyFiles,
		"read-only":   readOnly,
		"leave":       leave,
		"look":        look,
		"traps":       traps,
	})
}

// sparseFile makes a file larger than any disk, without writing to it.
func sparseFile([]string) {
	resetHandler(syscall.SIGXFSZ)
	f, err := os.Create(folder() + "/sparse")
	if err == nil {
		err = f.Truncate(1 << 40)
	}
	try("a file of a tebibyte", err)
}

// manyFiles makes empty files until it can't.
func manyFiles([]string) {
	for n := range 20_000 {
		fd, err := syscall.Open(folder()+"/"+strconv.Itoa(n), syscall.O_CREAT|syscall.O_WRONLY, 0o600)
		if err != nil {
			say("made", strconv.Itoa(n))
			try("stopped by", err)
			return
		}
		_ = syscall.Close(fd)
	}
	say("made", "20000")
}

// readOnly tries to write where nothing of its own is.
func readOnly([]string) {
	for _, dir := range []string{"/", "/etc", "/usr", "/usr/bin", "/bin", "/lib", "/dev", "/sys", "/sys/fs/cgroup", "/proc", "/.benchcell", "/var", "/home"} {
		name := strings.TrimSuffix(dir, "/") + "/hostile"
		f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o600)
		if err == nil {
			_ = f.Close()
			_ = os.Remove(name)
		}
		try("create "+name, err)
	}
	for _, name := range []string{
		"/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/sys/fs/cgroup/cgroup.procs", "/sys/fs/cgroup/memory/cgroup.procs",
		"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/memory/release_agent",
		"/proc/1/exe", "/.benchcell/runner", "/etc/passwd", "/dev/mem", "/dev/kmsg", "/dev/sda", "/dev/vda",
	} {
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		if err == nil {
			_ = f.Close()
		}
		try("write "+name, err)
	}
}

// shared folders, that a careless boundary would keep from run to run.
func shared() []string {
	return []string{folder(), "/tmp", "/dev/shm", "/var/tmp", "/run/lock", "/work", os.Getenv("HOME")}
}

// leave puts something everywhere it can.
func leave([]string) {
	left := 0
	for _, dir := range shared() {
		if os.WriteFile(dir+"/hostile-was-here", []byte("x"), 0o600) == nil {
			left++
		}
	}
	say("left", strconv.Itoa(left))
}

// look says where it finds what an earlier program left.
func look([]string) {
	for _, dir := range shared() {
		if _, err := os.Lstat(dir + "/hostile-was-here"); err == nil {
			say("found in", dir)
		}
	}
	list("in TMPDIR", folder())
	if home := os.Getenv("HOME"); home != "" {
		list("in HOME", home)
		listObjects()
	}
	say("looked", "yes")
}

// listObjects counts what the kernel keeps in no folder. Each list has a head.
func listObjects() {
	for _, name := range []string{"shm", "msg", "sem"} {
		if text, err := os.ReadFile("/proc/sysvipc/" + name); err == nil && strings.Count(string(text), "\n") != 1 {
			say("objects of the kind "+name, string(text))
		}
	}
}

func list(what, dir string) {
	entries, err := os.ReadDir(dir)
	if dir != "" && err != nil {
		try(what, err)
	}
	for _, e := range entries {
		say(what, e.Name())
	}
}

// traps lays out for whoever clears up what leads elsewhere, can't be read, has
// strange names or is very deep. Its argument is a folder of the host.
func traps(args []string) {
	layTraps(folder()+"/", args[0])
	if work := os.Getenv("HOME"); work != "" {
		layTraps(work+"/", args[0])
		layObjects()
	}
	say("laid", "yes")
}

// layObjects makes one of each kind that lies in no folder, closed to everybody.
func layObjects() {
	const create = 0o1000
	for _, call := range [...][3]uintptr{{syscall.SYS_SHMGET, 4096, create}, {syscall.SYS_MSGGET, create}, {syscall.SYS_SEMGET, 1, create}} {
		if _, _, e := syscall.RawSyscall(call[0], 0, call[1], call[2]); e != 0 {
			try("make an object", e)
		}
	}
}

func layTraps(dir, host string) {
	for _, target := range []string{"/", "/etc", "/dev/zero", host, host + "/canary", "/proc/1/root", "/proc/self/fd/0"} {
		_ = os.Symlink(target, dir+"to"+strings.ReplaceAll(target, "/", "_"))
	}
	_ = os.Link(host+"/canary", dir+"hard")
	for _, name := range []string{"-rf", "new\nline", "\xff\xfe", strings.Repeat("n", 255), "con", "\u202edlrow", " ", "..."} {
		_ = os.WriteFile(dir+name, nil, 0)
	}
	_ = os.Chdir(dir)
	for range 1000 {
		_ = os.Mkdir("d", 0o700)
		_ = os.Chdir("d")
	}
	_ = os.Chdir(dir)
	_ = syscall.Mkfifo(dir+"pipe", 0o600)
	if fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0); err == nil {
		_ = syscall.Bind(fd, &syscall.SockaddrUnix{Name: dir + "socket"})
	}
	_ = os.Mkdir(dir+"closed", 0o700)
	_ = os.WriteFile(dir+"closed/file", nil, 0)
	_ = os.Chmod(dir+"closed", 0)
	_ = os.MkdirAll(dir+"read/only", 0o700)
	_ = os.Chmod(dir+"read", 0o500)
	_ = os.Chmod(dir+"d", 0)
}
