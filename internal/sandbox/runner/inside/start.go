//go:build linux

package inside

import (
	"syscall"

	"benchcell/internal/sandbox/runner/frame"
	"benchcell/internal/sandbox/weaken"
)

// child is the started program.
type child struct {
	pid, pidfd     int
	stdout, stderr [2]int // its pipes, both ends
	started        int64
}

// failure is a step of starting that did not work.
type failure struct {
	step  string
	errno syscall.Errno
}

// start runs the job's program in a process group of its own, so that a signal
// which it sends to its group misses the runner. The session is the runner's, which
// has no terminal: to make another takes the kernel 8 µs of the program's time.
func (a *agent) start(job *frame.Job) (*child, *failure) {
	path, errno := lookup(job.Argv[0], job.Env)
	if errno != 0 {
		return nil, &failure{frame.StepLookup, errno}
	}
	if errno := checkDir(job.Dir); errno != 0 {
		return nil, &failure{frame.StepDir, errno}
	}
	if errno := a.limitSelf(job); errno != 0 {
		return nil, &failure{frame.StepLimits, errno}
	}
	stdin := a.null
	if job.Stdin {
		fd, err := a.stdin.rewind()
		if err != nil {
			return nil, &failure{frame.StepPipes, toErrno(err)}
		}
		stdin = fd
	}
	c := &child{pidfd: -1}
	if err := openPipes(&c.stdout, &c.stderr); err != nil {
		return nil, &failure{frame.StepPipes, toErrno(err)}
	}
	attr := syscall.ProcAttr{
		Dir:   job.Dir,
		Env:   job.Env,
		Files: []uintptr{uintptr(stdin), uintptr(c.stdout[1]), uintptr(c.stderr[1])},
		Sys:   &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL, PidFD: &c.pidfd, Credential: a.guest},
	}
	a.cores.take(job.CPUs)
	if weaken.Off("descriptors") {
		_, _, _ = syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(a.conn.out), syscall.F_SETFD, 0) // what leads to the server
	}
	a.childSignal(false)
	a.oom.offer()
	c.started = now()
	pid, err := syscall.ForkExec(path, job.Argv, &attr)
	a.oom.protect()
	if err != nil {
		c.closePipes()
		return nil, &failure{a.stepOf(err, job.Dir), toErrno(err)}
	}
	c.pid = pid
	return c, nil
}

// stepOf is where a start failed: both folder and program may be closed to us. The
// guest's own folder, which is closed to a runner of another user, is open to it.
func (a *agent) stepOf(err error, dir string) string {
	const enter = 1
	own := a.guest != nil && dir == workFolder
	if err == syscall.EACCES && dir != "" && !own && syscall.Access(dir, enter) != nil {
		return frame.StepDir
	}
	return frame.StepExec
}

func toErrno(err error) syscall.Errno {
	if errno, ok := err.(syscall.Errno); ok {
		return errno
	}
	return syscall.EINVAL // an argument with a NUL
}

// openPipes keeps both ends open until the tree is empty. With the writing end
// closed here, the end of the program's output would wake the runner just before
// the end of the program does, and cost the measurement a change of context.
func openPipes(out, errs *[2]int) error {
	if err := syscall.Pipe2(out[:], syscall.O_CLOEXEC); err != nil {
		return err
	}
	if err := syscall.Pipe2(errs[:], syscall.O_CLOEXEC); err != nil {
		_ = syscall.Close(out[0])
		_ = syscall.Close(out[1])
		return err
	}
	setNonblock(out[0])
	setNonblock(errs[0])
	return nil
}

func (c *child) closePipes() {
	for _, fd := range [...]int{c.stdout[0], c.stdout[1], c.stderr[0], c.stderr[1]} {
		_ = syscall.Close(fd)
	}
}

func checkDir(dir string) syscall.Errno {
	if dir == "" {
		return 0
	}
	var st syscall.Stat_t
	if err := syscall.Stat(dir, &st); err != nil {
		return toErrno(err)
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFDIR {
		return syscall.ENOTDIR
	}
	return 0
}

// lookup finds the program as execvp does, but in absolute folders of PATH only.
func lookup(name string, env []string) (string, syscall.Errno) {
	for i := range len(name) {
		if name[i] == '/' {
			return name, 0
		}
	}
	if name == "" {
		return "", syscall.ENOENT
	}
	result := syscall.ENOENT
	for rest := pathOf(env); rest != ""; {
		var dir string
		dir, rest = cut(rest, ':')
		if dir == "" || dir[0] != '/' {
			continue
		}
		candidate := dir + "/" + name
		switch errno := executable(candidate); errno {
		case 0:
			return candidate, 0
		case syscall.EACCES:
			result = errno
		}
	}
	return "", result
}

func executable(path string) syscall.Errno {
	const executeOK = 1
	var st syscall.Stat_t
	if err := syscall.Stat(path, &st); err != nil {
		return toErrno(err)
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return syscall.EACCES
	}
	if err := syscall.Access(path, executeOK); err != nil {
		return toErrno(err)
	}
	return 0
}

func pathOf(env []string) string {
	for _, kv := range env {
		if len(kv) > 5 && kv[:5] == "PATH=" {
			return kv[5:]
		}
	}
	return ""
}

func cut(s string, sep byte) (head, tail string) {
	for i := range len(s) {
		if s[i] == sep {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// limitSelf sets the limits that the program inherits and reads them back: hard
// ones, so that it can't raise them, and before it is there, so that it can't be
// faster. Only root gets them up again for a later job. The next sample's job is
// the same, and finds them in force.
func (a *agent) limitSelf(job *frame.Job) syscall.Errno {
	if a.limited == job {
		return 0
	}
	for i, l := range limits(job) {
		lim := syscall.Rlimit{Cur: l.value, Max: l.value}
		if syscall.Setrlimit(l.resource, &lim) != nil {
			if err := syscall.Getrlimit(l.resource, &lim); err != nil {
				return toErrno(err)
			}
			lim.Cur = lim.Max
			if err := syscall.Setrlimit(l.resource, &lim); err != nil {
				return toErrno(err)
			}
		}
		if err := syscall.Getrlimit(l.resource, &lim); err != nil {
			return toErrno(err)
		}
		a.inForce[i] = int64(lim.Cur)
	}
	a.limited = job
	return 0
}

type limit struct {
	resource int
	value    uint64
}

func limits(job *frame.Job) [3]limit {
	core := uint64(0)
	if weaken.Off("core") {
		core = ^core
	}
	return [...]limit{
		{syscall.RLIMIT_CORE, core},
		{syscall.RLIMIT_NOFILE, uint64(job.OpenFiles)},
		{syscall.RLIMIT_FSIZE, uint64(job.FileSize)},
	}
}
