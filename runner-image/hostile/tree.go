//go:build linux

package main

import (
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

func init() {
	add(map[string]program{
		"fork-bomb":       forkBomb,
		"many-and-small":  manyAndSmall,
		"hide-from-oom":   hideFromOOM,
		"daemon":          daemon,
		"daemon-child":    daemonChild,
		"writes-later":    writesLater,
		"writer":          writer,
		"watch-writer":    watchWriter,
		"kill-the-runner": killTheRunner,
		"kill-everybody":  killEverybody,
		"headless":        headless,
		"leave-headless":  leaveHeadless,
	})
	if len(os.Args) > 1 && os.Args[1] == "headless" {
		runtime.LockOSThread() // the first, which this is
	}
}

// forkBomb doubles: each process has a child, and so have all of both, ten
// generations deep. That is 1,024 processes where nothing stops it.
func forkBomb([]string) {
	const generations = 10
	for range generations {
		if _, err := fork(); err != 0 {
			exit(1) // stopped, in whichever process
		}
	}
	rest()
}

// manyAndSmall has so many children, each smaller than the runner, that their
// memory together runs out: the kernel would rather take the runner.
func manyAndSmall(args []string) {
	for range number(args[0]) {
		if pid, err := fork(); pid == 0 && err == 0 {
			touchRaw(512 << 10)
			rest()
		}
	}
	time.Sleep(20 * time.Second)
}

// hideFromOOM has others taken first where memory runs out, and then runs out of it.
func hideFromOOM(args []string) {
	f, err := os.OpenFile("/proc/self/oom_score_adj", os.O_WRONLY, 0)
	if err == nil {
		_, err = f.WriteString("0")
	}
	try("oom_score_adj", err)
	manyAndSmall(args)
}

// daemon leaves a child behind in a session of its own, which holds standard
// output and has used CPU time, and ends well.
func daemon([]string) {
	r, w, _ := os.Pipe()
	argv := []string{os.Args[0], "daemon-child", os.Args[2]}
	_, err := os.StartProcess(os.Args[0], argv, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr, w}, Sys: newSession})
	if err != nil {
		try("start", err)
		os.Exit(1)
	}
	_, _ = r.Read(make([]byte, 1)) // until the child has worked
}

func daemonChild([]string) {
	spin(300)
	_, _ = syscall.Write(3, []byte{1})
	time.Sleep(20 * time.Second)
}

// writesLater leaves behind an orphan of an orphan that goes on writing.
func writesLater(args []string) {
	if len(args) == 0 {
		p := self("writes-later", newSession, "again")
		_, _ = p.Wait()
		for name := diary(); size(name) == 0; {
			time.Sleep(time.Millisecond)
		}
		return
	}
	self("writer", newSession)
}

func diary() string { return folder() + "/diary" }

func size(name string) int64 {
	info, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return info.Size()
}

func writer([]string) {
	f, err := os.OpenFile(diary(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		os.Exit(1)
	}
	for {
		_, _ = f.WriteString("x")
		time.Sleep(time.Millisecond)
	}
}

// watchWriter says how much an orphan of the program before writes in a while.
func watchWriter([]string) {
	before := size(diary())
	time.Sleep(100 * time.Millisecond)
	say("written later", strconv.FormatInt(size(diary())-before, 10))
}

// killTheRunner sends every signal there is to its parent, in every way.
func killTheRunner([]string) {
	parent := syscall.Getppid()
	for range 100 { // what ends it may do so at the wrong moment alone
		for sig := syscall.Signal(1); sig <= 64; sig++ {
			_ = syscall.Kill(parent, sig)
		}
	}
	for sig := range 64 {
		signalByDescriptor(parent, sig+1)
	}
	time.Sleep(100 * time.Millisecond)
	say("still here", "yes")
	os.Exit(7)
}

// signalByDescriptor has the kernel send a signal in its own name: a socket can be
// told whom to signal, and by what, when something comes in.
func signalByDescriptor(pid, sig int) {
	const setOwner, setSignal = 8, 10
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		return
	}
	end := uintptr(ends[0])
	_ = call(syscall.SYS_FCNTL, end, setOwner, uintptr(pid))
	_ = call(syscall.SYS_FCNTL, end, setSignal, uintptr(sig))
	_ = call(syscall.SYS_FCNTL, end, syscall.F_SETFL, syscall.O_ASYNC)
	_, _ = syscall.Write(ends[1], []byte{1})
	_ = syscall.Close(ends[0])
	_ = syscall.Close(ends[1])
}

// killEverybody ends all that its user may end, itself left out.
func killEverybody([]string) {
	_ = syscall.Kill(-1, syscall.SIGTERM)
	_ = syscall.Kill(-1, syscall.SIGKILL)
	time.Sleep(50 * time.Millisecond)
	say("still here", "yes")
	os.Exit(7)
}

// headless ends its first thread and goes on in another, so that the kernel shows it
// as a process that has ended. With an argument it says so first.
func headless(args []string) {
	runtime.GOMAXPROCS(2)
	started := make(chan struct{})
	go func() {
		close(started)
		spin(20_000)
	}()
	<-started
	for _, descriptor := range args {
		_, _ = syscall.Write(number(descriptor), []byte{1})
	}
	_, _, _ = syscall.Syscall(syscall.SYS_EXIT, 0, 0, 0) // of this thread alone
}

// leaveHeadless leaves one behind, in a session of its own, and ends well.
func leaveHeadless([]string) {
	r, w, _ := os.Pipe()
	argv := []string{os.Args[0], "headless", os.Args[2], "3"}
	_, err := os.StartProcess(os.Args[0], argv, &os.ProcAttr{Files: []*os.File{nil, os.Stdout, os.Stderr, w}, Sys: newSession})
	if err != nil {
		try("start", err)
		os.Exit(1)
	}
	_, _ = r.Read(make([]byte, 1))
	time.Sleep(20 * time.Millisecond) // its first thread ends meanwhile
}
