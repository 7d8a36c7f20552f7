//go:build linux

package inside

import (
	"syscall"
	"unsafe"
)

// objects are one kind of what outlives its maker in a boundary's IPC namespace and
// lies in no folder: shared memory, queues and semaphores as of System V. The numbers
// are of linux/shm.h, msg.h and sem.h.
type objects struct {
	call       uintptr
	info       uintptr // the command that counts them, and returns the highest place
	used       int     // where in its answer the count stands, as an int
	stat       uintptr // the command that gives the id at a place, to anybody (Linux 4.17)
	hasMembers bool    // so that the call takes the number of one
}

var systemV = [...]objects{
	{call: syscall.SYS_SHMCTL, info: 14, used: 0, stat: 15},
	{call: syscall.SYS_MSGCTL, info: 12, used: 0, stat: 13},
	{call: syscall.SYS_SEMCTL, info: 19, used: 7, stat: 20, hasMembers: true},
}

// objectAnswer has room for what any of the commands tells.
type objectAnswer [64]int32

func (o *objects) control(id, command uintptr, answer *objectAnswer) (int, error) {
	rest := [...]uintptr{command, uintptr(unsafe.Pointer(answer)), 0}
	if o.hasMembers {
		rest = [...]uintptr{0, command, uintptr(unsafe.Pointer(answer))}
	}
	n, _, e := syscall.RawSyscall6(o.call, id, rest[0], rest[1], rest[2], 0, 0)
	if e != 0 {
		return 0, e
	}
	return int(n), nil
}

// count is how many there are, and the highest place of one. A kernel that can't say
// has none.
func (o *objects) count() (n, highest int) {
	var answer objectAnswer
	highest, err := o.control(0, o.info, &answer)
	if err != nil {
		return 0, 0
	}
	return int(answer[o.used]), highest
}

// noObjects says whether the boundary has none.
func noObjects() bool {
	for i := range systemV {
		if n, _ := systemV[i].count(); n > 0 {
			return false
		}
	}
	return true
}

// removeObjects takes them all away, as the guest: they are its own.
func (a *agent) removeObjects() (err error) {
	if noObjects() {
		return nil
	}
	if a.guest != nil {
		defer takeUser(uintptr(a.guest.Uid))()
	}
	for i := range systemV {
		o := &systemV[i]
		_, highest := o.count()
		for place := 0; place <= highest; place++ {
			var answer objectAnswer
			id, e := o.control(uintptr(place), o.stat, &answer)
			if e != nil {
				continue // nothing is at that place
			}
			const remove = 0
			if _, e := o.control(uintptr(id), remove, &answer); e != nil {
				err = e
			}
		}
	}
	return err
}

// takeUser lets this thread act for a user, as who it deals with files already, until
// what it returns is called.
func takeUser(uid uintptr) (back func()) {
	const same = ^uintptr(0)
	own := uintptr(syscall.Geteuid())
	syscall.RawSyscall(syscall.SYS_SETRESUID, same, uid, same)
	return func() {
		syscall.RawSyscall(syscall.SYS_SETRESUID, same, own, same)
		syscall.RawSyscall(syscall.SYS_SETFSUID, uid, 0, 0) // which went along
	}
}
