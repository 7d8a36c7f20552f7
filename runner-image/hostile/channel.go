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
		of := " of " + strconv.Itoa(pid)
		if pid == 1 {
			of = " of the first"
		} else {
			of = " of the parent"
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
