//go:build linux

package inside

import "syscall"

// process is one live descendant of the runner, as /proc showed it.
type process struct {
	pid, parent int
	born        int64 // start time in ticks: with the pid it names one process
	waited      int64 // nanoseconds of CPU of the children it has reaped
	ours        bool
}

const tick = 1e9 / 100 // USER_HZ

// descendants lists the live processes below the runner, those that called
// setsid or whose parents died among them: the runner is their subreaper, so
// every orphan is its child.
func descendants() []process {
	all := processes()
	self := syscall.Getpid()
	for changed := true; changed; {
		changed = false
		for i := range all {
			if p := &all[i]; !p.ours && (p.parent == self || isOurs(all, p.parent)) {
				p.ours, changed = true, true
			}
		}
	}
	ours := all[:0]
	for _, p := range all {
		if p.ours {
			ours = append(ours, p)
		}
	}
	return ours
}

func isOurs(all []process, pid int) bool {
	for i := range all {
		if all[i].pid == pid {
			return all[i].ours
		}
	}
	return false
}

// processes reads every live process of /proc.
func processes() []process {
	fd, err := open("/proc", syscall.O_RDONLY|syscall.O_DIRECTORY)
	if err != nil {
		return nil
	}
	var list []process
	var buf [8 << 10]byte
	for {
		n := names(fd, buf[:])
		if n == 0 {
			break
		}
		for rest := buf[:n]; len(rest) >= 19; {
			size := int(rest[16]) | int(rest[17])<<8
			if pid, used := number(rest[19:size]); used > 0 {
				if p, ok := stat(int(pid)); ok {
					list = append(list, p)
				}
			}
			rest = rest[size:]
		}
	}
	shut(fd)
	return list
}

// stat reads /proc/PID/stat; false for a process that is gone or has ended.
func stat(pid int) (process, bool) {
	var path [32]byte
	var buf [1024]byte
	name := appendNumber(append(path[:0], "/proc/"...), int64(pid))
	return parseStat(pid, readFile(string(append(name, "/stat"...)), buf[:]))
}

// parseStat reads the fields behind the command's name, which is in brackets
// and can itself hold brackets and spaces.
func parseStat(pid int, text []byte) (process, bool) {
	end := len(text) - 1
	for end >= 0 && text[end] != ')' {
		end--
	}
	if end < 0 || end+2 >= len(text) {
		return process{}, false
	}
	state, rest := text[end+2], text[end+3:]
	p := process{pid: pid}
	for field := 4; field <= 22; field++ { // numbered as in proc(5)
		if len(rest) > 1 && rest[1] == '-' {
			rest = rest[2:]
		}
		n, used := number(rest)
		if used == 0 {
			return process{}, false
		}
		rest = rest[used:]
		switch field {
		case 4:
			p.parent = int(n)
		case 16, 17: // cutime, cstime
			p.waited += n * tick
		case 20: // threads; the state is that of the first, which others can outlive
			if state == 'X' || (state == 'Z' && n < 2) {
				return process{}, false
			}
		case 22:
			p.born = n
		}
	}
	return p, true
}

// signal sends sig to exactly this process: never to another that got its
// number since.
func (p process) signal(sig syscall.Signal) {
	fd, _, e := syscall.RawSyscall(sysPidfdOpen, uintptr(p.pid), 0, 0)
	if e != 0 {
		return
	}
	if same, ok := stat(p.pid); ok && same.born == p.born {
		syscall.RawSyscall6(sysPidfdSendSignal, fd, uintptr(sig), 0, 0, 0, 0)
	}
	shut(int(fd))
}

// terminateTree asks every descendant to end; a stopped one is woken for it.
func terminateTree() {
	for _, p := range descendants() {
		p.signal(syscall.SIGTERM)
		p.signal(syscall.SIGCONT)
	}
}

// killRounds bounds the loops below; what withstands them is left to the boundary.
const killRounds = 1000

// stopAndKill kills every descendant and says how many it saw. They are stopped
// first until no new one appears, so that a program that forks faster than it
// is killed can't get ahead.
func stopAndKill() int {
	known := 0
	for range killRounds {
		list := descendants()
		if len(list) <= known {
			signalAll(list, syscall.SIGKILL)
			return max(known, len(list))
		}
		known = len(list)
		signalAll(list, syscall.SIGSTOP)
	}
	return known
}

// killTree kills until nothing is left. The program itself must have been
// reaped: everything that ends here is.
func killTree() (killed int, reaped usage) {
	for range killRounds {
		reaped.add(reap())
		if reaped.empty {
			break
		}
		killed = max(killed, stopAndKill())
		sleep(100e3)
	}
	return killed, reaped
}

func signalAll(list []process, sig syscall.Signal) {
	for _, p := range list {
		p.signal(sig)
	}
}
