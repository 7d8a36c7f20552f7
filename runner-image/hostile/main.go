//go:build linux

// Command hostile is the programs that attack a boundary from its inside, in one
// lean executable: the first argument names the program. Package
// internal/sandbox/hostile has the table of them, says what each must meet, and
// runs them; here is only what they do. Files of the same name belong together.
//
// What a program finds out goes to standard output as lines of "name=answer",
// and whoever runs it judges. Nothing here is for use by hand: some of these
// programs end whatever their user may end.
package main

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// program is one attack. Its arguments stand behind the token in the command
// line, by which the processes are found from outside.
type program func(args []string)

// programs by name, gathered from the files by family.
var programs = map[string]program{
	"nothing": func([]string) {},
	"stand":   func([]string) { time.Sleep(700 * time.Millisecond) },
}

func add(family map[string]program) {
	for name, p := range family {
		programs[name] = p
	}
}

// lifetime ends every process that a broken boundary would let live on.
const lifetime = 60

func main() {
	if len(os.Args) < 3 || programs[os.Args[1]] == nil {
		os.Stderr.WriteString("usage: hostile PROGRAM TOKEN [ARGUMENT…]\n")
		for name := range programs {
			os.Stderr.WriteString("  " + name + "\n")
		}
		os.Exit(64)
	}
	limitLifetime()
	programs[os.Args[1]](os.Args[3:])
}

// say reports one finding.
func say(name, answer string) {
	os.Stdout.WriteString(name + "=" + strings.ReplaceAll(answer, "\n", " ") + "\n")
}

// try reports what became of an attempt: "done", or the name of the error.
func try(name string, err error) {
	say(name, answer(err))
}

func answer(err error) string {
	if err == nil {
		return "done"
	}
	for _, known := range []struct {
		errno syscall.Errno
		name  string
	}{
		{syscall.EPERM, "EPERM"},
		{syscall.ENOENT, "ENOENT"},
		{syscall.ESRCH, "ESRCH"},
		{syscall.EBADF, "EBADF"},
		{syscall.EAGAIN, "EAGAIN"},
		{syscall.ENOMEM, "ENOMEM"},
		{syscall.EACCES, "EACCES"},
		{syscall.EFAULT, "EFAULT"},
		{syscall.EINVAL, "EINVAL"},
		{syscall.EMFILE, "EMFILE"},
		{syscall.EFBIG, "EFBIG"},
		{syscall.ENOSPC, "ENOSPC"},
		{syscall.EROFS, "EROFS"},
		{syscall.ENOSYS, "ENOSYS"},
		{syscall.ENETUNREACH, "ENETUNREACH"},
		{syscall.ECONNREFUSED, "ECONNREFUSED"},
		{syscall.EAFNOSUPPORT, "EAFNOSUPPORT"},
		{syscall.EXDEV, "EXDEV"},
		{syscall.ETXTBSY, "ETXTBSY"},
		{syscall.ENOTDIR, "ENOTDIR"},
		{syscall.ENXIO, "ENXIO"},
		{syscall.EIO, "EIO"},
		{syscall.EPROTONOSUPPORT, "EPROTONOSUPPORT"},
		{syscall.EADDRNOTAVAIL, "EADDRNOTAVAIL"},
		{syscall.EEXIST, "EEXIST"},
		{syscall.ENOTTY, "ENOTTY"},
	} {
		if is(err, known.errno) {
			return known.name
		}
	}
	return err.Error()
}

// is unwraps the errors of package os without package errors, which brings
// reflection along.
func is(err error, errno syscall.Errno) bool {
	switch e := err.(type) { //nolint:errorlint // see above
	case syscall.Errno:
		return e == errno
	case *os.PathError:
		return is(e.Err, errno)
	case *os.SyscallError:
		return is(e.Err, errno)
	case *os.LinkError:
		return is(e.Err, errno)
	}
	return false
}

// self starts another of the programs with the same token and output.
func self(name string, attr *syscall.SysProcAttr, args ...string) *os.Process {
	argv := append([]string{os.Args[0], name, os.Args[2]}, args...)
	p, err := os.StartProcess(os.Args[0], argv, &os.ProcAttr{
		Env: os.Environ(), Files: []*os.File{nil, os.Stdout, os.Stderr}, Sys: attr,
	})
	if err != nil {
		try("start", err)
		os.Exit(1)
	}
	return p
}

var newSession = &syscall.SysProcAttr{Setsid: true}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		os.Exit(64)
	}
	return n
}

// folder is where this program may write: the boundary's TMPDIR.
func folder() string { return os.Getenv("TMPDIR") }
