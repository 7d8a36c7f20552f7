package machine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Lock is the host-wide right to measure: one measurement at a time, whichever
// server or user it belongs to. Unmeasured runs share it among themselves.
type Lock struct {
	path string
	// Waiting, if set, is told for whom a caller waits, once.
	Waiting func(holder string)
}

// NewLock uses the file at path, or the host's own if path is "".
func NewLock(path string) *Lock {
	if path == "" {
		path = filepath.Join(lockFolder(), "benchcell-measure.lock")
	}
	return &Lock{path: path}
}

// lockFolder is the first folder that every user of the host can write to.
func lockFolder() string {
	const worldWritable = 0o002
	for _, dir := range []string{"/run/lock", "/var/lock", "/tmp"} {
		if info, err := os.Stat(dir); err == nil && info.Mode()&worldWritable != 0 {
			return dir
		}
	}
	return os.TempDir() // an image has none of these, and nobody else in it
}

// holder is what the file says of who measures.
type holder struct {
	Pid  int    `json:"pid"`
	What string `json:"what"`
}

// Acquire waits for the right and returns how to give it back. An exclusive
// right is for a measurement; what says which.
func (l *Lock) Acquire(ctx context.Context, exclusive bool, what string) (release func(), err error) {
	return l.acquire(exclusive, what, func(file *os.File, how int) error { return l.wait(ctx, file, how) })
}

// Try is Acquire for who does not wait: false where somebody else has the right.
func (l *Lock) Try(exclusive bool, what string) (release func(), ok bool) {
	release, err := l.acquire(exclusive, what, func(file *os.File, how int) error {
		return unix.Flock(int(file.Fd()), how|unix.LOCK_NB)
	})
	return release, err == nil
}

func (l *Lock) acquire(exclusive bool, what string, lock func(file *os.File, how int) error) (release func(), err error) {
	file, err := openShared(l.path)
	if err != nil {
		return nil, fmt.Errorf("the host's measuring lock: %w", err)
	}
	how := unix.LOCK_SH
	if exclusive {
		how = unix.LOCK_EX
	}
	if err := lock(file, how); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if !exclusive {
		return func() { _ = file.Close() }, nil
	}
	// Who waits reads this; a failure costs them the name, not the lock.
	text, _ := json.Marshal(holder{os.Getpid(), what})
	writeHolder(file, text)
	return func() {
		writeHolder(file, nil) // or the next one's waiters are told of us
		_ = file.Close()
	}, nil
}

// holderSize is how much of the file says who holds it. It is always written whole,
// because to cut a file and let it grow again takes ten times as long.
const holderSize = 1024

func writeHolder(file *os.File, text []byte) {
	var all [holderSize]byte
	copy(all[:], text)
	_, _ = file.WriteAt(all[:], 0)
}

func (l *Lock) wait(ctx context.Context, file *os.File, how int) error {
	const again = 10 * time.Millisecond
	for told := false; ; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		err := unix.Flock(int(file.Fd()), how|unix.LOCK_NB)
		if err == nil || !errors.Is(err, unix.EWOULDBLOCK) {
			return err
		}
		if !told && l.Waiting != nil {
			l.Waiting(readHolder(file))
			told = true
		}
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
}

func readHolder(file *os.File) string {
	var h holder
	text, err := io.ReadAll(io.NewSectionReader(file, 0, holderSize))
	if err != nil || json.Unmarshal(bytes.TrimRight(text, "\x00"), &h) != nil {
		return "another benchcell"
	}
	return fmt.Sprintf("process %d (%s)", h.Pid, h.What)
}

// openShared opens a file that all users share. The kernel refuses O_CREATE
// on another user's file in a sticky folder, so creating is a step of its own.
// One that may only be read can be locked as well; it just bears no name.
func openShared(path string) (*os.File, error) {
	for range 3 {
		file, err := os.OpenFile(path, os.O_RDWR|unix.O_NOFOLLOW, 0)
		if errors.Is(err, fs.ErrPermission) {
			file, err = os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW, 0)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return file, err
		}
		file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL|unix.O_NOFOLLOW, 0o666)
		if err == nil {
			return file, file.Chmod(0o666) // whatever the umask says
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%s comes and goes", path)
}
