//go:build linux

package main

import (
	"os"
	"strconv"
	"syscall"
	"time"
)

func init() {
	add(map[string]program{
		"forge-frames": forgeFrames,
		"spy":          spy,

		"lock":           lock,
		"lock-holder":    lockHolder,
		"look-for-locks": lookForLocks,
	})
}

// forgeFrames says in the runner's own language, on every descriptor there is and
// on those of the runner, that it ended well and in no time. Its first argument
// is the forged message; then it takes its time and ends with 7.
func forgeFrames(args []string) {
	forged := []byte(args[0])
	for i := 0; i+1 < len(forged); i += 2 {
		forged[i/2] = nibble(forged[i])<<4 | nibble(forged[i+1])
	}
	forged = forged[:len(forged)/2]
	for _, pid := range []int{syscall.Getppid(), 1} {
		for fd := range 64 {
			if f, err := syscall.Open("/proc/"+strconv.Itoa(pid)+"/fd/"+strconv.Itoa(fd), syscall.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
				_, _ = syscall.Write(f, forged)
			}
		}
	}
	for fd := range 256 {
		if fd != 2 { // what it says there is shown when something goes wrong
			_, _ = syscall.Write(fd, forged)
		}
	}
	time.Sleep(200 * time.Millisecond)
	os.Exit(7)
}

func nibble(c byte) byte {
	if c >= 'a' {
		return c - 'a' + 10
	}
	return c - '0'
}

// spy looks into its runner.
func spy([]string) {
	for _, pid := range []int{syscall.Getppid(), 1} {
		of := " of the parent"
		if pid == 1 {
			of = " of the first"
		}
		dir := "/proc/" + strconv.Itoa(pid) + "/"
		for _, name := range []string{"mem", "environ", "auxv", "syscall", "stack"} {
			f, err := os.Open(dir + name)
			if err == nil {
				_, err = f.Read(make([]byte, 1))
				_ = f.Close()
			}
			try(name+of, err)
		}
		for _, name := range []string{"exe", "root", "cwd", "fd/0", "fd/3", "ns/net"} {
			_, err := os.Readlink(dir + name)
			try(name+of, err)
		}
	}
}

// lockable are files that boundaries may share, with one another or the host.
var lockable = []string{"/usr/bin/env", "/bin/sh", "/usr/bin/sort", "/.benchcell/runner", "/bench-builtin", "/.benchcell/bench-builtin", "/etc/hosts"}

// lockAll locks what it can and counts what somebody else has.
func lockAll() (mine, others int) {
	for _, name := range lockable {
		fd, err := syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err != nil {
			continue
		}
		switch syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB) {
		case nil:
			mine++
		case syscall.EWOULDBLOCK:
			others++
		}
	}
	return mine, others
}

// lock leaves an orphan behind that holds the locks.
func lock([]string) {
	r, w, _ := os.Pipe()
	argv := []string{os.Args[0], "lock-holder", os.Args[2]}
	_, err := os.StartProcess(os.Args[0], argv, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr, w}, Sys: newSession})
	if err != nil {
		try("start", err)
		os.Exit(1)
	}
	_, _ = r.Read(make([]byte, 1)) // until it has them
}

func lockHolder([]string) {
	mine, _ := lockAll()
	say("has locked", strconv.Itoa(mine))
	_, _ = syscall.Write(3, []byte{1})
	time.Sleep(20 * time.Second)
}

func lookForLocks([]string) {
	_, others := lockAll()
	say("locked", strconv.Itoa(others))
}
