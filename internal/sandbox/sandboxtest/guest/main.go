//go:build linux

// Command guest is the program that conformance tests run inside a boundary:
// one static binary with many behaviours, some of them nasty. It is never part
// of a release.
package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// behaviours by the name in the first argument; the rest are theirs.
var behaviours = map[string]func(args []string){
	"ok":           func([]string) {},
	"exit":         func(a []string) { os.Exit(number(a, 0)) },
	"print":        func(a []string) { fmt.Print(a[0]); fmt.Fprint(os.Stderr, a[1]) },
	"cat":          func([]string) { _, err := io.Copy(os.Stdout, os.Stdin); check(err) },
	"env":          func([]string) { fmt.Println(strings.Join(os.Environ(), "\n")) },
	"pwd":          func([]string) { dir, err := os.Getwd(); check(err); fmt.Println(dir) },
	"args":         func(a []string) { fmt.Printf("%q\n", a) },
	"sleep":        func(a []string) { time.Sleep(millis(a, 0)) },
	"signal-self":  func(a []string) { check(syscall.Kill(os.Getpid(), syscall.Signal(number(a, 0)))); select {} },
	"stop-self":    func([]string) { check(syscall.Kill(os.Getpid(), syscall.SIGSTOP)); time.Sleep(time.Minute) },
	"say-bye":      sayBye,
	"ignore-term":  func([]string) { signal.Ignore(syscall.SIGTERM); time.Sleep(time.Minute) },
	"flood":        flood,
	"write":        func(a []string) { write(number(a, 0)) },
	"binary":       func([]string) { os.Stdout.Write([]byte{0, 0xff, 0xfe, 'a', 0xc3, 0x28, '\n', 0x1b, '[', '2', 'J'}) },
	"close-stdout": func(a []string) { check(os.Stdout.Close()); time.Sleep(millis(a, 0)) },
	"spin":         func(a []string) { spin(number(a, 0), millis(a, 1)) },
	"crowd":        func(a []string) { crowd(number(a, 0)) },
	"work":         func(a []string) { work(number(a, 0)) },
	"touch":        func(a []string) { touch(number(a, 0)) },
	"child":        child,
	"daemon":       func(a []string) { daemon(a) },
	"bomb":         bomb,
	"fill":         fill,
	"fds":          fds,
	"count":        count,
	"list":         func([]string) { list() },
	"remove":       func(a []string) { check(os.RemoveAll(filepath.Join(os.TempDir(), a[0]))) },
	"limits":       func([]string) { limits() },
	"cpus":         func([]string) { cpus() },
	"kill-parent":  func(a []string) { killParent(number(a, 0)) },
}

func main() {
	if len(os.Args) < 2 || behaviours[os.Args[1]] == nil {
		var names []string
		for name := range behaviours {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintln(os.Stderr, "usage: guest", strings.Join(names, "|"))
		os.Exit(64)
	}
	behaviours[os.Args[1]](os.Args[2:])
}

func number(args []string, i int) int {
	n, err := strconv.Atoi(args[i])
	check(err)
	return n
}

func millis(args []string, i int) time.Duration {
	return time.Duration(number(args, i)) * time.Millisecond
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(99)
	}
}

// self starts another behaviour as a child, with the same output.
func self(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...) //nolint:gosec // it is this program
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd
}

func sayBye([]string) {
	terms := make(chan os.Signal, 1)
	signal.Notify(terms, syscall.SIGTERM)
	fmt.Fprintln(os.Stderr, "ready")
	select {
	case <-terms:
		fmt.Println("bye")
	case <-time.After(time.Minute):
	}
}

func flood([]string) {
	line := []byte(strings.Repeat("y\n", 32<<10))
	for {
		if _, err := os.Stdout.Write(line); err != nil {
			return
		}
	}
}

func write(n int) {
	_, err := io.CopyN(os.Stdout, zeros{}, int64(n))
	check(err)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// spin burns CPU in threads until they have used the time together.
func spin(threads int, total time.Duration) {
	done := make(chan struct{})
	for range threads {
		go func() {
			for used() < total {
				for range 10000 {
				}
			}
			done <- struct{}{}
		}()
	}
	for range threads {
		<-done
	}
}

// crowd has so many threads at a time.
func crowd(threads int) {
	var all sync.WaitGroup
	all.Add(threads)
	for range threads {
		go func() {
			runtime.LockOSThread()
			all.Done()
			all.Wait()
		}()
	}
	all.Wait()
}

// work does so many thousand steps, each of which needs the one before: it takes
// longer by as much as there are more of them.
func work(thousands int) {
	x := uint64(os.Getpid())
	for range thousands * 1000 {
		x = x*6364136223846793005 + 1442695040888963407
	}
	if x == 0 {
		fmt.Println("so that nothing is left out")
	}
}

func used() time.Duration {
	var ru syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &ru))
	return time.Duration(ru.Utime.Nano() + ru.Stime.Nano())
}

func touch(mib int) {
	b, err := syscall.Mmap(-1, 0, mib<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	check(err)
	for i := 0; i < len(b); i += 4096 {
		b[i] = 1
	}
}

// child waits for another behaviour and then does well, whatever became of it.
func child(args []string) { _ = self(args...).Run() }

// daemon leaves another behaviour behind in a session of its own.
func daemon(args []string) {
	cmd := self(args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	check(cmd.Start())
}

// bomb starts children that start children, and says how it was stopped.
func bomb([]string) {
	for {
		if err := self("bomb").Start(); err != nil {
			fmt.Println(err)
			time.Sleep(50 * time.Millisecond)
			os.Exit(1)
		}
	}
}

// fill writes one file of so many MiB into TMPDIR.
func fill(args []string) {
	// The Go runtime would turn the signal into an error of write.
	var action [4]uint64
	syscall.RawSyscall6(syscall.SYS_RT_SIGACTION, uintptr(syscall.SIGXFSZ), uintptr(unsafe.Pointer(&action)), 0, 8, 0, 0)
	f, err := os.CreateTemp("", "fill")
	check(err)
	_, err = io.CopyN(f, zeros{}, int64(number(args, 0))<<20)
	check(err)
}

// fds lists the open descriptors but those that the Go runtime opens for its
// poller and to learn the CPU limit. It asks the kernel one by one, so that it
// opens none itself.
func fds([]string) {
	for fd := range 4096 {
		if _, _, e := syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFD, 0); e != 0 {
			continue
		}
		target, _ := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
		if !strings.HasPrefix(target, "anon_inode:[event") && !strings.HasPrefix(filepath.Base(target), "cpu.") {
			fmt.Println(fd, target)
		}
	}
}

// count adds a line to a file in TMPDIR and says how many there are.
func count([]string) {
	name := os.TempDir() + "/count"
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	check(err)
	_, err = f.WriteString("x")
	check(err)
	text, err := os.ReadFile(name)
	check(err)
	fmt.Println(len(text))
}

// list names what is in TMPDIR.
func list() {
	var names []string
	entries, err := os.ReadDir(os.TempDir())
	check(err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	fmt.Println(strings.Join(names, " "))
}

func limits() {
	for name, resource := range map[string]int{"core": 4, "nofile": 7, "fsize": 1} {
		var l syscall.Rlimit
		check(syscall.Getrlimit(resource, &l))
		raised := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: l.Max + 1, Max: l.Max + 1})
		fmt.Println(name, l.Cur, l.Max, raised == nil)
	}
}

func killParent(sig int) {
	err := syscall.Kill(os.Getppid(), syscall.Signal(sig))
	fmt.Println(err)
	time.Sleep(100 * time.Millisecond)
}

// cpus tells which processors this program may use.
func cpus() {
	text, err := os.ReadFile("/proc/self/status")
	check(err)
	for line := range strings.Lines(string(text)) {
		if list, ok := strings.CutPrefix(line, "Cpus_allowed_list:"); ok {
			fmt.Println(strings.TrimSpace(list))
		}
	}
}
