//go:build linux

package main

import (
	"syscall"
	"unsafe"
)

func init() {
	add(map[string]program{
		"calls": calls,
		"raise": raise,
	})
}

// Numbers that package syscall lacks and that all architectures share.
const (
	sysIOUringSetup = 425
	sysOpenTree     = 428
	sysFsopen       = 430
	sysPidfdGetfd   = 438
	sysMountSetattr = 442
)

// calls makes the system calls that lead out of boundaries, each with arguments
// that do no harm where it is allowed. An answer but EPERM, EACCES or ENOSYS
// means that the kernel has gone as far as looking at them.
func calls([]string) {
	buffer := make([]byte, 256)
	memory := uintptr(unsafe.Pointer(&buffer[0]))
	const newUser, newNet = 0x10000000, 0x40000000
	for _, c := range []struct {
		name   string
		number uintptr
		args   []uintptr
	}{
		{"add_key", sysAddKey, []uintptr{text("user"), text("hostile"), memory, 1, ^uintptr(2)}},
		{"keyctl", sysKeyctl, []uintptr{0, ^uintptr(2), 1}},
		{"request_key", sysRequestKey, []uintptr{text("user"), text("hostile"), 0, 0}},
		{"bpf", sysBPF, []uintptr{0, memory, 72}},
		{"perf_event_open", syscall.SYS_PERF_EVENT_OPEN, []uintptr{memory, 0, ^uintptr(0), ^uintptr(0), 0}},
		{"userfaultfd", sysUserfaultfd, []uintptr{0}},
		{"io_uring_setup", sysIOUringSetup, []uintptr{0, memory}},
		{"unshare user", syscall.SYS_UNSHARE, []uintptr{newUser}},
		{"unshare net", syscall.SYS_UNSHARE, []uintptr{newNet}},
		{"setns", sysSetns, []uintptr{^uintptr(0), 0}},
		{"mount", syscall.SYS_MOUNT, []uintptr{text("none"), text(folder()), text("tmpfs"), 0, 0}},
		{"umount", syscall.SYS_UMOUNT2, []uintptr{text("/proc"), 0}},
		{"fsopen", sysFsopen, []uintptr{text("tmpfs"), 0}},
		{"open_tree", sysOpenTree, []uintptr{^uintptr(99), text("/"), 1}},
		{"mount_setattr", sysMountSetattr, []uintptr{^uintptr(99), text("/"), 0, memory, 32}},
		{"pivot_root", syscall.SYS_PIVOT_ROOT, []uintptr{text("/nowhere"), text("/nowhere")}},
		{"chroot", syscall.SYS_CHROOT, []uintptr{text("/")}},
		{"ptrace", syscall.SYS_PTRACE, []uintptr{16, uintptr(syscall.Getppid())}},
		{"process_vm_readv", sysProcessVMReadv, []uintptr{uintptr(syscall.Getppid()), memory, 1, memory, 1, 0}},
		{"pidfd_getfd", sysPidfdGetfd, []uintptr{^uintptr(0), 0, 0}},
		{"kexec_load", syscall.SYS_KEXEC_LOAD, []uintptr{0, 0, 0, ^uintptr(0)}},
		{"init_module", syscall.SYS_INIT_MODULE, []uintptr{memory, 0, text("")}},
		{"delete_module", syscall.SYS_DELETE_MODULE, []uintptr{text("hostile_is_no_module"), 0}},
		{"reboot", syscall.SYS_REBOOT, []uintptr{0, 0, 0}}, // the magic numbers are left out
		{"swapon", syscall.SYS_SWAPON, []uintptr{text("/nowhere"), 0}},
		{"acct", syscall.SYS_ACCT, []uintptr{text("/nowhere")}},
		{"quotactl", syscall.SYS_QUOTACTL, []uintptr{0x80000600, 0, 0, memory}},
		{"syslog", syscall.SYS_SYSLOG, []uintptr{10, 0, 0}},
		{"sethostname", syscall.SYS_SETHOSTNAME, []uintptr{memory, 0xffffffff}},
		{"settimeofday", syscall.SYS_SETTIMEOFDAY, []uintptr{^uintptr(0), 0}},
		{"open_by_handle_at", sysOpenByHandleAt, []uintptr{^uintptr(99), memory, 0}},
		{"personality", syscall.SYS_PERSONALITY, []uintptr{0x0040000}},
	} {
		try(c.name, call(c.number, c.args...))
	}
}

// raise tries to have more than it was given, and its runner less.
func raise([]string) {
	for name, resource := range map[string]int{"file size": syscall.RLIMIT_FSIZE, "core": syscall.RLIMIT_CORE, "open files": syscall.RLIMIT_NOFILE} {
		var l syscall.Rlimit
		_ = syscall.Getrlimit(resource, &l)
		if l.Max == ^uint64(0) {
			say(name, "done") // there is nothing to raise
			continue
		}
		try(name, syscall.Setrlimit(resource, &syscall.Rlimit{Cur: l.Max + 1, Max: l.Max + 1}))
	}
	for name, pid := range map[string]int{"limits of the parent": syscall.Getppid(), "limits of the first": 1} {
		none := syscall.Rlimit{} // of core dumps: it has none anyway
		try(name, call(syscall.SYS_PRLIMIT64, uintptr(pid), syscall.RLIMIT_CORE, uintptr(unsafe.Pointer(&none)), 0))
	}
	const itself, first, idle = 0, 1, 5
	const process, group, user = 0, 1, 2
	nothing := [16]byte{}
	none := uintptr(unsafe.Pointer(&nothing))
	try("idle runner", call(sysSchedSetscheduler, first, idle, none))
	try("runner's processors", call(syscall.SYS_SCHED_SETAFFINITY, first, 8, uintptr(unsafe.Pointer(&[]uint64{^uint64(0)}[0]))))
	try("runner's priority", syscall.Setpriority(process, first, 1))
	try("runner's group's priority", syscall.Setpriority(group, first, 1))
	try("everybody's priority", syscall.Setpriority(user, 0, 1))
	const fifo = 1
	try("priority", syscall.Setpriority(syscall.PRIO_PROCESS, 0, -20))
	priority := int32(1)
	try("real time", call(sysSchedSetscheduler, itself, fifo, uintptr(unsafe.Pointer(&priority))))
	try("user", call(syscall.SYS_SETUID, 0))
	try("groups", call(syscall.SYS_SETGROUPS, 0, 0))
	try("device", syscall.Mknod(folder()+"/null", syscall.S_IFCHR|0o600, 1<<8|3))
	try("owner", syscall.Chown(folder(), 0, 0))
}
