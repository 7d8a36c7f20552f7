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
		"touch":          func(args []string) { touch(number(args[0]) << 20) },
		"slow-leak":      slowLeak,
		"stack-overflow": func([]string) { say("depth", strconv.Itoa(deeper(1))) },
		"child-runs-out": childRunsOut,
		"fill-tmp":       func([]string) { fill(folder(), 12, 4<<20) },
		"fill-shm":       func([]string) { fill("/dev/shm", 8, 4<<20) },
		"fill-sockets":   fillSockets,
		"open-files":     openFiles,
	})
}

func touch(bytes int) {
	b, err := syscall.Mmap(-1, 0, bytes, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		try("memory", err)
		os.Exit(1)
	}
	for i := 0; i < len(b); i += 4096 {
		b[i] = 1
	}
}

// touchRaw is touch for a bare copy of a process: the kernel does the touching.
func touchRaw(bytes uintptr) {
	syscall.RawSyscall6(syscall.SYS_MMAP, 0, bytes, syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_POPULATE, ^uintptr(0), 0)
}

// slowLeak keeps a MiB more every two milliseconds.
func slowLeak([]string) {
	for range 128 {
		touch(1 << 20)
		time.Sleep(2 * time.Millisecond)
	}
}

// deeper calls itself until there is no stack, which is memory like any other.
//
//go:noinline
func deeper(n int) int {
	var frame [512]byte
	frame[n%len(frame)] = 1
	if n == 0 { // never
		return 0
	}
	return deeper(n+1) + int(frame[0])
}

// childRunsOut does well although its child does not.
func childRunsOut(args []string) {
	_, _ = self("touch", nil, args...).Wait()
}

// fill writes so many files of a size, and says how much it got in.
func fill(dir string, files, bytes int) {
	written, block := 0, make([]byte, 64<<10)
	for i := range block {
		block[i] = byte(i)
	}
	resetHandler(syscall.SIGXFSZ)
	for i := range files {
		fd, err := syscall.Open(dir+"/fill"+strconv.Itoa(i), syscall.O_CREAT|syscall.O_WRONLY, 0o600)
		for n := 0; err == nil && n < bytes; n += len(block) {
			if _, err = syscall.Write(fd, block); err == nil {
				written += len(block)
			}
		}
		if err != nil {
			say("written", strconv.Itoa(written))
			try("stopped by", err)
			os.Exit(1)
		}
	}
	say("written", strconv.Itoa(written))
}

// openFiles opens as many as it can.
func openFiles([]string) {
	for highest := 0; ; {
		fd, err := syscall.Open("/dev/null", syscall.O_RDONLY, 0)
		if err != nil || fd > 10_000 {
			say("highest", strconv.Itoa(highest))
			try("stopped by", err)
			return
		}
		highest = fd
	}
}

// fillSockets has connections to itself hold what nobody reads, until it is much.
func fillSockets([]string) {
	listener, there, err := listen(500)
	if err != nil {
		try("listen", err)
		os.Exit(1)
	}
	held, block := 0, make([]byte, 64<<10)
	for i := 0; i < 400 && held < 128<<20 && err == nil; i++ {
		fd, _ := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
		if err = syscall.Connect(fd, there); err != nil {
			break
		}
		_, _, _ = syscall.Accept(listener)
		_ = syscall.SetNonblock(fd, true)
		for n := 0; n >= 0; held += max(n, 0) {
			n, _ = syscall.Write(fd, block)
		}
	}
	say("held", strconv.Itoa(held))
}
