package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// tempFolder makes a folder that is ours as long as we live. What others have left
// that were killed goes first, and clear removes what they had outside of theirs.
func tempFolder(kind string, clear func(dir string)) (dir string, remove func() error, err error) {
	prefix := "benchcell-" + kind + "-"
	left, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, dir := range left {
		if lock := abandoned(dir); lock != nil {
			clear(dir)
			_ = errors.Join(os.RemoveAll(dir), lock.Close()) // or the next one does
		}
	}
	hidden, err := os.MkdirTemp("", "."+prefix) // until it is locked
	if err != nil {
		return "", nil, err
	}
	lock, err := os.OpenFile(filepath.Join(hidden, aliveFile), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(hidden))
	}
	dir = filepath.Join(filepath.Dir(hidden), filepath.Base(hidden)[1:])
	if err := errors.Join(unix.Flock(int(lock.Fd()), unix.LOCK_EX), os.Rename(hidden, dir)); err != nil {
		return "", nil, errors.Join(err, lock.Close(), os.RemoveAll(hidden))
	}
	return dir, func() error { return errors.Join(os.RemoveAll(dir), lock.Close()) }, nil
}

// aliveFile is locked by whoever made the folder.
const aliveFile = "alive"

// abandoned locks a folder whose maker is gone. Everybody may write to where it is, so
// that it must be one that nobody else can have made or changed.
func abandoned(dir string) *os.File {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
		return nil
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || int(stat.Uid) != os.Geteuid() {
		return nil
	}
	lock, err := os.OpenFile(filepath.Join(dir, aliveFile), os.O_RDWR|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil
	}
	if unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB) != nil {
		_ = lock.Close()
		return nil
	}
	return lock
}
