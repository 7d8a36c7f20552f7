//go:build linux

package inside

import (
	"syscall"

	"benchcell/internal/sandbox/runner/frame"
	"benchcell/internal/sandbox/weaken"
)

// builder makes a root of its own for a runner that was started in new
// namespaces. The first error stays, with the step that it came from, so that
// the plan reads as a list.
type builder struct {
	*frame.Boundary
	failed frame.Failed
}

// oldRoot is where the host's root is while it is still needed.
const oldRoot = "/.host"

// build readies everything, then closes the door: from here on nothing of the
// host is to be had but what was bound. No code of anybody else has run yet.
func (b *builder) build() {
	b.enterRoot()
	b.showHost()
	b.fill()
	b.procs()
	b.leaveHost()
	b.nameAndNetwork()
	b.lock()
}

func (b *builder) try(step string, err error) {
	if err != nil && b.failed.Errno == 0 {
		b.failed = frame.Failed{Step: step, Errno: errnoOf(err)}
	}
}

func (b *builder) ok() bool { return b.failed.Errno == 0 }

// enterRoot makes an empty root and leaves the host's below it.
func (b *builder) enterRoot() {
	const base = "/proc" // which every host has; nothing is looked up in it meanwhile
	b.try("take the mounts for ourselves", syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""))
	b.try("mount the root", syscall.Mount("root", base, "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV, "mode=0755,size=1m"))
	if !b.ok() {
		return
	}
	b.try("make a place for the host's root", syscall.Mkdir(base+oldRoot, 0o700))
	b.try("change the root", syscall.PivotRoot(base, base+oldRoot))
	b.try("enter the root", syscall.Chdir("/"))
}

// showHost binds what is read-only. A symbolic link of the host is a link here.
func (b *builder) showHost() {
	for _, bind := range b.Binds {
		if b.ok() {
			b.show(oldRoot+bind.From, bind.To)
		}
	}
}

func (b *builder) show(from, to string) {
	var st syscall.Stat_t
	b.try("look at "+from, syscall.Lstat(from, &st))
	b.parents(to)
	switch st.Mode & syscall.S_IFMT {
	case syscall.S_IFLNK:
		var target [4096]byte
		n, err := syscall.Readlink(from, target[:])
		b.try("read the link "+from, err)
		b.try("make the link "+to, syscall.Symlink(string(target[:max(n, 0)]), to))
		return
	case syscall.S_IFDIR:
		b.folder(to)
	default:
		b.file(to, "")
	}
	b.try("bind "+to, syscall.Mount(from, to, "", syscall.MS_BIND|syscall.MS_REC, ""))
	if st.Mode&syscall.S_IFMT != syscall.S_IFCHR {
		b.restrict(to, syscall.MS_RDONLY|syscall.MS_NOSUID|syscall.MS_NODEV)
	}
}

// restrict narrows a mount and those below it.
func (b *builder) restrict(path string, flags uintptr) {
	if weaken.Off("root") {
		flags &^= syscall.MS_RDONLY
	}
	b.try("restrict "+path, restrictMount(path, flags))
}

// parents makes the folders above a path.
func (b *builder) parents(path string) {
	for i := 1; i < len(path); i++ {
		if path[i] == '/' {
			b.folder(path[:i])
		}
	}
}

func (b *builder) folder(path string) {
	if err := syscall.Mkdir(path, 0o755); err != syscall.EEXIST {
		b.try("make "+path, err)
	}
}

func (b *builder) file(path, text string) {
	fd, err := syscall.Open(path, syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL|syscall.O_CLOEXEC, 0o644)
	b.try("make "+path, err)
	if err == nil {
		_, err = syscall.Write(fd, []byte(text))
		b.try("write "+path, err)
		_ = syscall.Close(fd)
	}
}

// fill makes what the boundary has of its own: devices, files, writable folders.
func (b *builder) fill() {
	b.folder("/dev")
	for _, name := range [...]string{"null", "zero", "full", "random", "urandom"} {
		b.show(oldRoot+"/dev/"+name, "/dev/"+name)
	}
	for _, link := range [...][2]string{{"/proc/self/fd", "/dev/fd"}, {"/dev/fd/0", "/dev/stdin"}, {"/dev/fd/1", "/dev/stdout"}, {"/dev/fd/2", "/dev/stderr"}} {
		b.try("make "+link[1], syscall.Symlink(link[0], link[1]))
	}
	for _, f := range b.Files {
		b.parents(f.Path)
		b.file(f.Path, f.Text)
	}
	b.tmpfs(workFolder, b.Size, "0700")
	b.tmpfs("/tmp", b.Size, "1777")
	b.tmpfs("/dev/shm", b.Shm, "1777")
}

func (b *builder) tmpfs(path string, size int64, mode string) {
	b.folder(path)
	options := append([]byte("mode="), mode...)
	for _, o := range [...]struct {
		name  string
		value int64
	}{{",uid=", b.Guest}, {",gid=", b.Guest}, {",nr_inodes=", b.Nodes}, {",size=", size}} {
		options = appendNumber(append(options, o.name...), o.value)
	}
	b.try("mount "+path, syscall.Mount("tmpfs", path, "tmpfs", syscall.MS_NOSUID|syscall.MS_NODEV, string(options)))
}

// leaveHost lets go of the host's root and has ours read-only.
func (b *builder) leaveHost() {
	if !weaken.Off("host") {
		b.try("leave the host's root", syscall.Unmount(oldRoot, syscall.MNT_DETACH))
		b.try("remove its place", syscall.Rmdir(oldRoot))
	}
	b.try("enter "+workFolder, syscall.Chdir(workFolder))
	flags := uintptr(syscall.MS_RDONLY)
	if weaken.Off("root") {
		flags = 0
	}
	b.try("restrict the root", syscall.Mount("", "/", "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_NOSUID|syscall.MS_NODEV|flags, ""))
}

// nameAndNetwork: loopback alone is up, and the control group that the runner
// is in by now is the top of what a program sees.
func (b *builder) nameAndNetwork() {
	if !weaken.Off("uts-namespace") {
		b.try("set the host name", syscall.Sethostname([]byte("benchcell")))
	}
	if !weaken.Off("cgroup-namespace") {
		b.try("make a cgroup namespace", syscall.Unshare(cloneNewCgroup))
	}
	if !weaken.Off("network") {
		b.try("raise loopback", raiseLoopback())
	}
}
