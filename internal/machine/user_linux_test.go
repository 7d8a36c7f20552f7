package machine

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"

	"benchcell/internal/sandbox/sandboxtest"
)

const nobody = 65534

// as runs do with the file rights of another user: of this thread alone, which
// ends with its goroutine.
func as(t *testing.T, uid int, do func()) {
	t.Helper()
	sandboxtest.NeedRoot(t)
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		_, err := unix.SetfsuidRetUid(uid)
		if err == nil {
			do()
		}
		done <- err
	}()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// shared is a folder like /run/lock.
func shared(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for path, mode := range map[string]fs.FileMode{filepath.Dir(dir): 0o755, dir: 0o777 | fs.ModeSticky} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "measure.lock")
}

func TestTheLockOfAnotherUser(t *testing.T) {
	for mode, usable := range map[fs.FileMode]bool{0o666: true, 0o644: true, 0o600: false} {
		path := shared(t)
		release := acquire(t, NewLock(path), true, "root's")
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		as(t, nobody, func() {
			if !usable {
				_, err := NewLock(path).Acquire(t.Context(), true, "nobody's")
				if !errors.Is(err, fs.ErrPermission) {
					t.Errorf("mode %v: %v", mode, err)
				}
				return
			}
			if _, waited := blocked(t, path, true); !waited {
				t.Errorf("mode %v: two hold the lock", mode)
			}
			if _, waited := blocked(t, path, false); !waited {
				t.Errorf("mode %v: a shared one beside an exclusive one", mode)
			}
		})
		release()
		if usable {
			as(t, nobody, func() { acquire(t, NewLock(path), true, "nobody's")() })
		}
	}
}

func TestTheLockThatAnotherUserMadeFirst(t *testing.T) {
	path := shared(t)
	old := unix.Umask(0o077)
	defer unix.Umask(old)
	as(t, nobody, func() { acquire(t, NewLock(path), true, "nobody's")() })
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o666 {
		t.Errorf("it is not open to all: %v, %v", info.Mode(), err)
	}
	acquire(t, NewLock(path), true, "root's")()
	as(t, nobody+1, func() { acquire(t, NewLock(path), true, "a third one's")() })
}

func TestTheFingerprintIsNotOfTheName(t *testing.T) {
	sandboxtest.NeedRoot(t)
	ours := Describe("v2")
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with its names
		if err := unix.Unshare(unix.CLONE_NEWUTS); err != nil {
			t.Error(err)
			return
		}
		if err := unix.Sethostname([]byte("another-name")); err != nil {
			t.Error(err)
			return
		}
		if renamed := Describe("v2"); renamed.Hostname != "another-name" || renamed.ID != ours.ID {
			t.Errorf("under another name: %+v, before %+v", renamed, ours)
		}
	}()
	<-done
}
