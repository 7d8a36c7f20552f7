//go:build linux

package inside

import (
	"syscall"
	"unsafe"
)

// System calls that are made while a program may be alive. The Go runtime is not
// told of them: of one that takes longer than its watch's round, as they do on a
// slow machine, it takes the processor away and gives it to another thread, for
// which it may need a new one. A fork bomb at its limit of processes denies that,
// and the runner would end.

func open(path string, flags int) (int, error) { return openAt(atCurrent, path, flags) }

// atCurrent is AT_FDCWD: a relative path begins in the working folder.
var atCurrent = -100

func openAt(folder int, path string, flags int) (int, error) {
	name, err := syscall.BytePtrFromString(path)
	if err != nil {
		return -1, err
	}
	fd, _, e := syscall.RawSyscall6(syscall.SYS_OPENAT, uintptr(folder), uintptr(unsafe.Pointer(name)), uintptr(flags|syscall.O_CLOEXEC), 0, 0, 0)
	if e != 0 {
		return -1, e
	}
	return int(fd), nil
}

// read fills buf, which is never empty, and returns how much came: 0 after an
// error too.
func read(fd int, buf []byte) int {
	n, _, e := syscall.RawSyscall(syscall.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)))
	if e != 0 {
		return 0
	}
	return int(n)
}

// write hands a short text to a file of the kernel's, which takes it whole or not.
func write(fd int, text []byte) {
	syscall.RawSyscall(syscall.SYS_WRITE, uintptr(fd), uintptr(unsafe.Pointer(&text[0])), uintptr(len(text)))
}

// names is read for the names in a folder.
func names(fd int, buf []byte) int {
	n, _, e := syscall.RawSyscall(syscall.SYS_GETDENTS64, uintptr(fd), uintptr(unsafe.Pointer(&buf[0])), uintptr(len(buf)))
	if e != 0 {
		return 0
	}
	return int(n)
}

func shut(fd int) { syscall.RawSyscall(syscall.SYS_CLOSE, uintptr(fd), 0, 0) }

// wait4 takes the end of a child: pid -1 is any.
func wait4(pid int, status *syscall.WaitStatus, options int, ru *syscall.Rusage) (int, error) {
	var raw int32
	n, _, e := syscall.RawSyscall6(syscall.SYS_WAIT4, uintptr(pid), uintptr(unsafe.Pointer(&raw)), uintptr(options), uintptr(unsafe.Pointer(ru)), 0, 0)
	if status != nil {
		*status = syscall.WaitStatus(raw)
	}
	if e != 0 {
		return -1, e
	}
	return int(n), nil
}
