//go:build linux

package inside

import "syscall"

// hidden tells of the host or of its keys and timers; what a kernel does not
// have is not hidden.
var hidden = [...]string{
	"/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/key-users", "/proc/keys", "/proc/kmsg",
	"/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/sysrq-trigger", "/proc/timer_list", "/proc/timer_stats",
}

// procs mounts /proc, read-only and without what is hidden.
func (b *builder) procs() {
	const flags = syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC
	b.folder("/proc")
	b.try("mount /proc", syscall.Mount("proc", "/proc", "proc", flags, ""))
	for _, path := range hidden {
		b.hide(path)
	}
	b.restrict("/proc", flags|syscall.MS_RDONLY)
}

func (b *builder) hide(path string) {
	var st syscall.Stat_t
	if syscall.Lstat(path, &st) != nil {
		return
	}
	if isFolder(&st) {
		b.try("hide "+path, syscall.Mount("none", path, "tmpfs", syscall.MS_RDONLY|syscall.MS_NOSUID|syscall.MS_NODEV, "size=4k,nr_inodes=1,mode=0755"))
		return
	}
	b.try("hide "+path, syscall.Mount("/dev/null", path, "", syscall.MS_BIND, ""))
}
