//go:build linux

package inside

import (
	"slices"
	"syscall"
	"unsafe"

	"benchcell/internal/sandbox/runner/frame"
)

// workFolder is where the files of a boundary with a root of its own go.
const workFolder = "/work"

// work is the working folder: files are put there before the first sample, and
// it is the same again before each of the others. While it is touched no
// program runs, so nothing changes under the runner's hands; what a program
// left there is still hostile, so no link is ever followed.
type work struct {
	fd     int      // of the file being put
	failed error    // why the rest of its pieces is dropped
	kept   []uint64 // a mark of each entry there was at keep, ascending
}

// put writes one piece of a file and answers after the last.
func (a *agent) put(payload []byte) bool {
	p, err := frame.DecodePut(payload)
	if err != nil {
		return false
	}
	w := &a.work
	if p.First {
		w.fd, w.failed = create(p.Path, p.Executable)
	}
	for chunk := p.Chunk; w.failed == nil && len(chunk) > 0; {
		var n int
		n, w.failed = syscall.Write(w.fd, chunk)
		chunk = chunk[max(n, 0):]
	}
	if !p.Last {
		return true
	}
	if w.fd >= 0 {
		_ = syscall.Close(w.fd)
	}
	w.fd = -1
	a.conn.write(frame.AppendDone(nil, frame.Done{Errno: errnoOf(w.failed)}))
	return true
}

func errnoOf(err error) int64 {
	if err == nil {
		return 0
	}
	return int64(toErrno(err))
}

// create makes a new file below the working folder, and the folders on the way.
func create(path string, executable bool) (int, error) {
	dir, err := syscall.Open(workFolder, openFolder, 0)
	if err != nil {
		return -1, err
	}
	for {
		var name string
		name, path = cut(path, '/')
		if name == "" || name == "." || name == ".." {
			_ = syscall.Close(dir)
			return -1, syscall.EINVAL
		}
		if path == "" {
			mode := uint32(0o644)
			if executable {
				mode = 0o755
			}
			fd, err := syscall.Openat(dir, name,
				syscall.O_WRONLY|syscall.O_CREAT|syscall.O_EXCL|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, mode)
			_ = syscall.Close(dir)
			return fd, err
		}
		_ = syscall.Mkdirat(dir, name, 0o755) // it may be there; the next step tells
		next, err := syscall.Openat(dir, name, openFolder, 0)
		_ = syscall.Close(dir)
		if err != nil {
			return -1, err
		}
		dir = next
	}
}

const openFolder = syscall.O_RDONLY | syscall.O_DIRECTORY | syscall.O_NOFOLLOW | syscall.O_CLOEXEC

// restore makes the working folder what it was at keep, or empties it, and then
// nothing is to be kept. Of what lies elsewhere nothing is.
func (a *agent) restore(payload []byte) bool {
	clean, err := frame.DecodeRestore(payload)
	if err != nil {
		return false
	}
	done := frame.Done{Errno: errnoOf(a.removeObjects())}
	for _, folder := range clean {
		if err := empty(folder); err != nil {
			done.Errno = errnoOf(err)
		}
	}
	if !keepOnly(workFolder, a.work.kept) {
		done.Emptied, a.work.kept = true, nil
		if err := empty(workFolder); err != nil {
			done.Errno = errnoOf(err)
		}
	}
	a.conn.write(frame.AppendDone(nil, done))
	return true
}

// marks are those of all entries below a folder, ascending.
func marks(folder string) []uint64 {
	var list []uint64
	_ = walk(folder, func(dir int, name string, st *syscall.Stat_t) error {
		list = append(list, mark(dir, name, st))
		return nil
	})
	slices.Sort(list)
	return list
}

// keepOnly removes what has no mark among the kept ones, and says whether all that
// have are still there. Only what a program has added goes this way; what it has
// changed, removed or moved can't be brought back from here.
func keepOnly(folder string, kept []uint64) bool {
	found := 0
	err := walk(folder, func(dir int, name string, st *syscall.Stat_t) error {
		if _, known := slices.BinarySearch(kept, mark(dir, name, st)); known {
			found++
			return nil
		}
		return remove(dir, name, st)
	})
	return err == nil && found == len(kept)
}

// mark sums up an entry by what the kernel says of it. A program can't set the
// change time of a file back, so that it was touched shows, or moved. The times
// of a folder tell of what came and went in it; it is known by its place.
func mark(dir int, name string, st *syscall.Stat_t) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	sum := (offset ^ st.Ino) * prime
	sum = (sum ^ uint64(st.Mode)) * prime
	if !isFolder(st) {
		for _, v := range [...]uint64{uint64(st.Size), uint64(st.Mtim.Nano()), uint64(st.Ctim.Nano())} {
			sum = (sum ^ v) * prime
		}
		return sum
	}
	var parent syscall.Stat_t
	_ = syscall.Fstat(dir, &parent)
	sum = (sum ^ parent.Ino) * prime
	for i := range len(name) {
		sum = (sum ^ uint64(name[i])) * prime
	}
	return sum
}

func isFolder(st *syscall.Stat_t) bool { return st.Mode&syscall.S_IFMT == syscall.S_IFDIR }

// empty removes everything below a folder. What lies too deep to walk to comes up
// with the last folder above it, and is walked again.
func empty(folder string) error {
	for next := 0; ; {
		before := next
		err := walk(folder, func(dir int, name string, st *syscall.Stat_t) error {
			err := remove(dir, name, st)
			if err == syscall.ENOTEMPTY && moveUp(dir, name, folder, &next) == nil {
				return nil
			}
			return err
		})
		if next == before {
			return err
		}
	}
}

// remove takes away one entry; a folder must be empty. Where its own folder was
// closed to writing it is opened.
func remove(dir int, name string, st *syscall.Stat_t) error {
	flags := 0
	if isFolder(st) {
		flags = 0x200 // AT_REMOVEDIR
	}
	err := unlinkat(dir, name, flags)
	if err == syscall.EACCES && syscall.Fchmod(dir, 0o700) == nil {
		err = unlinkat(dir, name, flags)
	}
	return err
}

// moveUp moves a folder to the top, under the next free number. One that lies there
// already stays: each that moves brings the end nearer.
func moveUp(dir int, name, folder string, next *int) error {
	top, err := syscall.Open(folder, openFolder, 0)
	if err != nil {
		return err
	}
	defer func() { _ = syscall.Close(top) }()
	var here, there syscall.Stat_t
	if syscall.Fstat(dir, &here) != nil || syscall.Fstat(top, &there) != nil || here.Ino == there.Ino {
		return syscall.ENOTEMPTY
	}
	if err := syscall.Fchmodat(dir, name, 0o700, 0); err != nil { // to move it is to write to it
		return err
	}
	const most = 1 << 20 // more than a folder can hold
	for ; *next < most; *next++ {
		err := syscall.Renameat(dir, name, top, string(appendNumber(nil, int64(*next))))
		if err != syscall.ENOTEMPTY && err != syscall.EEXIST && err != syscall.ENOTDIR {
			*next++
			return err
		}
	}
	return syscall.ENOTEMPTY
}

// walk visits everything below a folder, each folder after its content. It
// follows no link, and makes a folder readable that its owner closed.
func walk(folder string, visit func(dir int, name string, st *syscall.Stat_t) error) error {
	fd, err := syscall.Open(folder, openFolder, 0)
	if err != nil {
		return err
	}
	return walkOpen(fd, 0, visit)
}

// maxDepth bounds the recursion, and with it the descriptors held open.
const maxDepth = 200

func walkOpen(fd, depth int, visit func(int, string, *syscall.Stat_t) error) error {
	defer func() { _ = syscall.Close(fd) }()
	if depth > maxDepth {
		return syscall.ELOOP
	}
	names, err := entries(fd)
	for _, name := range names {
		var st syscall.Stat_t
		if e := fstatat(fd, name, &st); e != nil {
			err = e
			continue
		}
		if isFolder(&st) {
			if e := walkInto(fd, name, depth, visit); e != nil {
				err = e
			}
		}
		if e := visit(fd, name, &st); e != nil {
			err = e
		}
	}
	return err
}

func walkInto(dir int, name string, depth int, visit func(int, string, *syscall.Stat_t) error) error {
	child, err := syscall.Openat(dir, name, openFolder, 0)
	if err == syscall.EACCES {
		if err = syscall.Fchmodat(dir, name, 0o700, 0); err == nil {
			child, err = syscall.Openat(dir, name, openFolder, 0)
		}
	}
	if err != nil {
		return err
	}
	return walkOpen(child, depth+1, visit)
}

// entries lists a folder before anything in it is removed.
func entries(fd int) ([]string, error) {
	var names []string
	buf := make([]byte, 4<<10)
	for {
		n, err := syscall.ReadDirent(fd, buf)
		if err != nil || n <= 0 {
			return names, err
		}
		_, _, names = syscall.ParseDirent(buf[:n], -1, names)
	}
}

func fstatat(dir int, name string, st *syscall.Stat_t) error {
	const noFollow = 0x100
	path, err := syscall.BytePtrFromString(name)
	if err != nil {
		return err
	}
	if _, _, e := syscall.RawSyscall6(sysFstatat, uintptr(dir), uintptr(unsafe.Pointer(path)),
		uintptr(unsafe.Pointer(st)), noFollow, 0, 0); e != 0 {
		return e
	}
	return nil
}

func unlinkat(dir int, name string, flags int) error {
	path, err := syscall.BytePtrFromString(name)
	if err != nil {
		return err
	}
	if _, _, e := syscall.RawSyscall(syscall.SYS_UNLINKAT, uintptr(dir), uintptr(unsafe.Pointer(path)), uintptr(flags)); e != 0 {
		return e
	}
	return nil
}

// isOwn names the files that tell of the runner what holds for all it starts.
func isOwn(path string) bool {
	return path == "/proc/self/status" || path == "/proc/thread-self/status" || path == "/proc/self/net/dev" || path == "/proc/self/mountinfo"
}

// read answers with the content of kernel files; no other may be asked for.
func (a *agent) read(payload []byte) bool {
	const root = "/sys/fs/cgroup/"
	paths, err := frame.DecodeRead(payload)
	if err != nil {
		return false
	}
	texts := make([]string, len(paths))
	buf := make([]byte, 8<<10)
	for i, path := range paths {
		if isOwn(path) || (len(path) > len(root) && path[:len(root)] == root) {
			texts[i] = string(readFile(path, buf))
		}
	}
	a.conn.write(frame.AppendTexts(nil, texts))
	return true
}

// full says whether one of the folders has no room left, for bytes or files.
func full(folders []string) bool {
	for _, folder := range folders {
		var fs syscall.Statfs_t
		if syscall.Statfs(folder, &fs) == nil && fs.Blocks > 0 && (fs.Bavail == 0 || (fs.Files > 0 && fs.Ffree == 0)) {
			return true
		}
	}
	return false
}

// bare says whether nothing lies in the folders: each is the root of a tmpfs, and no
// other inode of that is in use. What can't say is not.
func bare(folders []string) bool {
	const tmpfs, rootAlone = 0x01021994, 1
	for _, folder := range folders {
		var fs syscall.Statfs_t
		if syscall.Statfs(folder, &fs) != nil || fs.Type != tmpfs || fs.Files-fs.Ffree != rootAlone {
			return false
		}
	}
	return len(folders) > 0
}
