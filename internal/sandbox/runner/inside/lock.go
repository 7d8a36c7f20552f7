//go:build linux

package inside

import (
	"syscall"
	"unsafe"

	"benchcell/internal/sandbox/weaken"
)

// Numbers of the kernel that package syscall lacks.
const (
	cloneNewCgroup = 0x02000000

	sysMountSetattr = 442
	atRecursive     = 0x8000

	prSetKeepCaps    = 8
	prCapbsetDrop    = 24
	prSetNoNewPrivs  = 38
	prCapAmbient     = 47
	ambientClearAll  = 4
	seccompSetFilter = 1
	seccompTsync     = 1

	capKill, capSetgid, capSetuid = 5, 6, 7

	siocsifflags = 0x8914
)

// lock gives up what the building needed, for good: system calls first, of which
// the rest needs none that a program may not make. The runner keeps the rights to
// start and to signal programs of the guest's user, and they get none. The
// bounding set is the main thread's: every program is started from there.
func (b *builder) lock() {
	if !b.ok() {
		return
	}
	b.filter()
	if weaken.Off("capabilities") {
		return
	}
	for c := uintptr(0); c < 64; c++ {
		if err := prctl(prCapbsetDrop, c); err == syscall.EINVAL {
			break // this kernel knows no more
		} else if err != nil {
			b.try("empty the bounding set", err)
			break
		}
	}
	b.try("give up ambient capabilities", onAllThreads(syscall.SYS_PRCTL, prCapAmbient, ambientClearAll))
	keep := uint32(0)
	if b.Guest != b.User {
		keep = 1<<capKill | 1<<capSetgid | 1<<capSetuid
		b.try("keep capabilities", onAllThreads(syscall.SYS_PRCTL, prSetKeepCaps, 1))
		b.try("leave all groups", syscall.Setgroups(nil))
		user := int(b.User)
		b.try("change the group", syscall.Setresgid(user, user, user))
		b.try("change the user", syscall.Setresuid(user, user, user))
	}
	b.try("drop capabilities", setCapabilities(keep))
	if b.Guest != b.User && b.ok() { // files that are put into /work are the guest's
		syscall.RawSyscall(syscall.SYS_SETFSGID, uintptr(b.Guest), 0, 0)
		syscall.RawSyscall(syscall.SYS_SETFSUID, uintptr(b.Guest), 0, 0)
	}
}

// filter has every thread, and all that they start, ask the policy.
func (b *builder) filter() {
	if !weaken.Off("privileges") {
		b.try("refuse new privileges", onAllThreads(syscall.SYS_PRCTL, prSetNoNewPrivs, 1))
	}
	if weaken.Off("system-calls") || !b.ok() {
		return
	}
	if len(b.Filter) == 0 {
		b.try("filter system calls", syscall.EINVAL)
		return
	}
	program := struct {
		count uint16
		first *byte
	}{uint16(len(b.Filter) / 8), &b.Filter[0]}
	if r, _, e := syscall.RawSyscall(sysSeccomp, seccompSetFilter, seccompTsync, uintptr(unsafe.Pointer(&program))); e != 0 {
		b.try("filter system calls", e)
	} else if r != 0 { // the thread that could not take it
		b.try("filter system calls on every thread", syscall.EBUSY)
	}
}

// setCapabilities leaves every thread these, and none to inherit.
func setCapabilities(keep uint32) error {
	header := struct {
		version uint32
		pid     int32
	}{version: 0x20080522}
	data := [2]struct{ effective, permitted, inheritable uint32 }{{keep, keep, 0}}
	return onAllThreads(syscall.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&data)))
}

func onAllThreads(call, a, b uintptr) error {
	if _, _, e := syscall.AllThreadsSyscall6(call, a, b, 0, 0, 0, 0); e != 0 {
		return e
	}
	return nil
}

// restrictMount narrows a mount and those below it. Kernels before 5.12 know the
// one mount alone; what is below shows when the mounts are read back.
func restrictMount(path string, flags uintptr) error {
	attr := struct{ set, clear, propagation, user uint64 }{set: uint64(flags)}
	name, err := syscall.BytePtrFromString(path)
	if err != nil {
		return err
	}
	_, _, e := syscall.RawSyscall6(sysMountSetattr, uintptr(atCurrent), uintptr(unsafe.Pointer(name)), atRecursive,
		uintptr(unsafe.Pointer(&attr)), unsafe.Sizeof(attr), 0)
	switch e {
	case 0:
		return nil
	case syscall.ENOSYS:
		return syscall.Mount("", path, "", syscall.MS_BIND|syscall.MS_REMOUNT|flags, "")
	}
	return e
}

// raiseLoopback: the kernel gives it its address by itself.
func raiseLoopback() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	request := struct {
		name  [16]byte
		flags uint16
		_     [22]byte
	}{name: [16]byte{'l', 'o'}, flags: syscall.IFF_UP | syscall.IFF_RUNNING}
	_, _, e := syscall.RawSyscall(syscall.SYS_IOCTL, uintptr(fd), siocsifflags, uintptr(unsafe.Pointer(&request)))
	_ = syscall.Close(fd)
	if e != 0 {
		return e
	}
	return nil
}
