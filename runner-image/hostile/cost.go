//go:build linux

package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

func init() {
	add(map[string]program{
		"copy-on-write":    func([]string) { share(syscall.MAP_PRIVATE, 32<<20, 8<<20, 1) },
		"shared-once":      func([]string) { share(syscall.MAP_SHARED, 24<<20, 24<<20, 2) },
		"page-cache":       pageCache,
		"block-io":         blockIO,
		"other-processors": otherProcessors,
	})
}

// share has children write to so many bytes of this process's memory. The kernel
// does the writing, for the children are bare copies.
func share(how, bytes, change, children int) {
	b, err := syscall.Mmap(-1, 0, bytes, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|how)
	zero, err2 := syscall.Open("/dev/zero", syscall.O_RDONLY, 0)
	if err != nil || err2 != nil {
		try("memory", err)
		try("zeros", err2)
		os.Exit(1)
	}
	for i := 0; i < len(b); i += 4096 {
		b[i] = 1
	}
	first := uintptr(unsafe.Pointer(&b[0]))
	for range children {
		pid, errno := fork()
		if pid == 0 && errno == 0 {
			n, _, _ := syscall.RawSyscall(syscall.SYS_READ, uintptr(zero), first, uintptr(change))
			exit(uintptr(change) - n)
		}
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(int(pid), &status, 0, nil); err != nil || status != 0 {
			say("child", "it did not write")
			os.Exit(1)
		}
	}
}

// pageCache reads files of the system that are not in memory, until it has read
// three times what it may have.
func pageCache([]string) {
	const enough, dontNeed = 96 << 20, 4
	read, buffer := 0, make([]byte, 1<<20)
	_ = filepath.WalkDir("/usr", func(name string, d fs.DirEntry, err error) error {
		if read >= enough {
			return fs.SkipAll
		}
		if err != nil || !d.Type().IsRegular() {
			return nil
		}
		f, err := os.Open(name)
		if err != nil {
			return nil
		}
		defer f.Close()
		_ = call(syscall.SYS_FADVISE64, f.Fd(), 0, 0, dontNeed)
		for err == nil && read < enough {
			var n int
			n, err = f.Read(buffer)
			read += n
		}
		return nil
	})
	say("read", strconv.Itoa(read))
}

// blockIO writes 8 MiB and waits until they are on the disk.
func blockIO([]string) {
	const tmpfs = 0x01021994
	var st syscall.Statfs_t
	if syscall.Statfs(folder(), &st) == nil && st.Type == tmpfs {
		say("in memory", "yes")
	}
	f, err := os.Create(folder() + "/block-io")
	for range 8 {
		if err == nil {
			_, err = f.Write(make([]byte, 1<<20))
		}
	}
	if err == nil {
		err = f.Sync()
	}
	if try("written", err); err != nil {
		os.Exit(1)
	}
}

// otherProcessors wants all of them, says which it has, and works on two.
func otherProcessors([]string) {
	everything := [128]byte{}
	for i := range everything {
		everything[i] = 0xff
	}
	_ = call(syscall.SYS_SCHED_SETAFFINITY, 0, uintptr(len(everything)), uintptr(unsafe.Pointer(&everything[0])))
	status, _ := os.ReadFile("/proc/thread-self/status")
	for line := range strings.Lines(string(status)) {
		if list, ok := strings.CutPrefix(line, "Cpus_allowed_list:"); ok {
			say("processors", strings.TrimSpace(list))
		}
	}
	done := make(chan bool)
	for range 2 {
		go func() { spin(300); done <- true }()
	}
	<-done
	<-done
}
