//go:build linux

package inside

import (
	"runtime"
	"syscall"
	"testing"

	"benchcell/internal/sandbox/sandboxtest"
)

// All that lies in no folder is counted and taken away, also what its maker closed to
// itself, and what has its place behind one that is gone.
func TestObjectsAreRemoved(t *testing.T) {
	sandboxtest.NeedRoot(t)
	runtime.LockOSThread() // and never unlocked: the thread ends with its namespace
	if err := syscall.Unshare(syscall.CLONE_NEWIPC); err != nil {
		t.Fatal(err)
	}
	const create, remove = 0o1000, 0
	calls := [...][3]uintptr{{syscall.SYS_SHMGET, 4096, create}, {syscall.SYS_MSGGET, create}, {syscall.SYS_SEMGET, 1, create}}
	for kind, call := range calls {
		var ids []uintptr
		for range 3 {
			id, _, e := syscall.RawSyscall(call[0], 0, call[1], call[2])
			if e != 0 {
				t.Fatal(e)
			}
			ids = append(ids, id)
		}
		if _, err := systemV[kind].control(ids[0], remove, nil); err != nil {
			t.Fatal(err)
		}
		if n, highest := systemV[kind].count(); n != 2 || highest != 2 || noObjects() {
			t.Errorf("kind %d: %d are counted, the highest at %d", kind, n, highest)
		}
	}
	if err := new(agent).removeObjects(); err != nil || !noObjects() {
		t.Errorf("they are still there: %v", err)
	}
}
