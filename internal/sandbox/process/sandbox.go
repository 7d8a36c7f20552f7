//go:build linux

package process

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/runner"
	"benchcell/internal/sandbox/runner/frame"
	"benchcell/internal/sandbox/seccomp"
	"benchcell/internal/sandbox/weaken"
)

// Who is inside. As root the runner takes one id and gives its programs the
// other; an ordinary user can map a single one.
const (
	runnerID = 65533
	guestID  = 65534

	shmSize = 8 << 20
	inodes  = 16384 // of each tmpfs

	builtinPath = "/bench-builtin"
)

// DefaultSystem is what a sandboxed process sees of the machine, as far as it
// has it: programs, libraries, and what leads from one to the other.
var DefaultSystem = []string{
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc/alternatives", "/etc/ld.so.cache",
}

// madeUp are the files of /etc that programs look for.
var madeUp = []frame.TextFile{
	{Path: "/etc/passwd", Text: "root:x:0:0:root:/root:/sbin/nologin\nbenchcell:x:65534:65534:benchcell:/work:/bin/sh\n"},
	{Path: "/etc/group", Text: "root:x:0:\nbenchcell:x:65534:\n"},
	{Path: "/etc/hosts", Text: "127.0.0.1 localhost benchcell\n::1 localhost\n"},
	{Path: "/etc/nsswitch.conf", Text: "passwd: files\ngroup: files\nhosts: files\n"},
}

// rootless says whether a user namespace has to stand in for the rights of root.
func rootless() bool { return os.Geteuid() != 0 }

// boundary describes what a runner builds around itself.
func (b *Backend) boundary(k kind) (*frame.Boundary, error) {
	filter, err := seccomp.Filter()
	if err != nil {
		return nil, err
	}
	v := &frame.Boundary{
		Files: madeUp, Size: int64(k.size), Shm: shmSize, Nodes: inodes, User: runnerID, Guest: guestID, Filter: filter,
	}
	if rootless() {
		v.User = v.Guest
	}
	if weaken.Off("user") {
		v.User, v.Guest = 0, 0
	}
	if weaken.Off("disk") {
		v.Size = 256 << 20
	}
	if weaken.Off("inodes") {
		v.Nodes = 0 // no bound
	}
	if weaken.Off("shm") {
		v.Shm = 256 << 20
	}
	for _, path := range b.config.System {
		if _, err := os.Lstat(path); err == nil {
			v.Binds = append(v.Binds, frame.Bind{From: path, To: path})
		}
	}
	if b.config.Builtin != "" {
		v.Binds = append(v.Binds, frame.Bind{From: b.config.Builtin, To: builtinPath})
	}
	if k.dir != "" {
		v.Binds = append(v.Binds, frame.Bind{From: k.dir, To: k.dir})
	}
	return v, nil
}

// checkDir refuses a working folder that would show the machine, or that lies
// where the boundary has its own.
func checkDir(dir string) error {
	if dir == "" {
		return nil
	}
	if !filepath.IsAbs(dir) || filepath.Clean(dir) != dir {
		return bench.Errorf(bench.CodeInvalid, "dir %s is not a clean absolute path", dir)
	}
	for _, own := range []string{"/", "/proc", "/dev", "/work", "/tmp", "/etc", "/sys"} {
		if dir == own || (own != "/" && strings.HasPrefix(dir, own+"/")) {
			return bench.Errorf(bench.CodeInvalid, "dir %s can't be shown in a sandbox, which has its own %s", dir, own)
		}
	}
	return nil
}

// cloned are the namespaces that a runner is started in. That of control groups it
// makes itself, once it is in its own.
var cloned = map[string]uintptr{
	"mnt": syscall.CLONE_NEWNS, "pid": syscall.CLONE_NEWPID, "ipc": syscall.CLONE_NEWIPC, "uts": syscall.CLONE_NEWUTS,
	"net": syscall.CLONE_NEWNET, "user": syscall.CLONE_NEWUSER,
}

// namespaces are those of a sandbox. Without that of mounts it would build on the
// machine's own root: it is never left out.
func namespaces() (flags uintptr, names []string) {
	names = runner.Separate()
	if rootless() {
		names = append(names, "user")
	}
	for _, name := range names {
		flags |= cloned[name]
	}
	return flags, names
}

// enclose has a runner start in namespaces of its own.
func enclose(attr *syscall.SysProcAttr) {
	attr.Cloneflags, _ = namespaces()
	if !rootless() {
		return
	}
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: guestID, HostID: os.Geteuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: guestID, HostID: os.Getegid(), Size: 1}}
	// In there it has them all, and would lose them when it starts its program.
	attr.AmbientCaps = []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_NET_ADMIN, unix.CAP_SETPCAP}
}

// protections are what must hold of a sandboxed process, as seen from inside.
func protections(v *runner.View) []runner.Protection {
	_, wanted := namespaces()
	return append(v.Protections(), v.Apart(wanted), mounts(v))
}

// verify refuses a sandbox in which something is not in force.
func (w *worker) verify() error {
	list := append(slices.Clone(w.proof), w.view.Disk(int64(w.kind.size)))
	if weaken.Off("root") || weaken.Off("host") || weaken.Off("inodes") {
		list = slices.DeleteFunc(list, func(p runner.Protection) bool { return p.Name == "mounts" })
	}
	return runner.Verify(list)
}

// devices can be nothing but devices.
var devices = []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}

func mounts(v *runner.View) runner.Protection {
	p := runner.Protection{Name: "mounts", Asked: "read-only, nosuid, nodev", How: "/proc/self/mountinfo", Must: true}
	for _, m := range v.Mounts {
		device := slices.Contains(devices, m.Path) || strings.HasPrefix(m.Path, "/proc/") // a hidden file is /dev/null
		narrow := m.Has("nosuid") && m.Has("nodev") && (m.Has("ro") || slices.Contains(runner.Writable, m.Path))
		if !device && !narrow {
			return p
		}
	}
	if len(v.Mounts) > 0 {
		p.Seen = "all but " + strings.Join(runner.Writable, ", ") + ", which are nosuid, nodev"
	}
	return p
}

// unavailable says why there is no sandbox, and what may mend it.
func unavailable(err error) error {
	var known *bench.Error
	if errors.As(err, &known) {
		return err
	}
	return sandbox.Unavailable(sandboxRemedy(), "a process can't be sandboxed here: %w", err)
}

// sandboxRemedy looks for the switches that forbid namespaces.
func sandboxRemedy() string {
	for _, s := range []struct{ file, bad, remedy string }{
		{"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1", "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile for this program that allows userns"},
		{"/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"},
		{"/proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"},
	} {
		if value, err := os.ReadFile(s.file); rootless() && err == nil && strings.TrimSpace(string(value)) == s.bad {
			return s.remedy
		}
	}
	return "run the server as root, or use container isolation; see 'orchestrator doctor'"
}
