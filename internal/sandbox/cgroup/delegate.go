//go:build linux

package cgroup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

var errReadOnly error = syscall.EROFS

// supervisor is the leaf that the server moves into: a v2 group that hands
// controllers down may hold no process itself.
const supervisor = "supervisor"

// chooseV2 picks the parent on a pure v2 host: the subtree that was delegated
// to this process, otherwise a group of our own at the top for root.
func chooseV2(mount string) (string, error) {
	own, err := ownV2()
	if err != nil {
		return "", err
	}
	base := strings.TrimSuffix(own, "/"+supervisor)
	if base != "" && base != "/" && delegated(filepath.Join(mount, base)) {
		if err := moveToSupervisor(mount, base, own); err != nil {
			return "", fmt.Errorf("the delegated group %s can't be used: %w", base, err)
		}
		return filepath.Join(base, "benchcell"), nil
	}
	if os.Geteuid() == 0 {
		return "/benchcell", nil
	}
	return "", errors.New("no control group is delegated to this user: start it with " +
		"'systemd-run --user --scope -p Delegate=yes', or as a service with Delegate=yes")
}

// ownV2 is this process's group, from /proc/self/cgroup.
func ownV2() (string, error) {
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if group, ok := strings.CutPrefix(strings.TrimSpace(line), "0::"); ok {
			return group, nil
		}
	}
	return "", errors.New("/proc/self/cgroup names no v2 group")
}

// delegated says whether systemd gave this subtree away. It marks it with an
// attribute; to an ordinary user it also gives the files.
func delegated(dir string) bool {
	for _, name := range []string{"trusted.delegate", "user.delegate"} {
		value := make([]byte, 8)
		if n, err := syscall.Getxattr(dir, name, value); err == nil && string(value[:n]) == "1" {
			return true
		}
	}
	const write = 2
	return os.Geteuid() != 0 && syscall.Access(filepath.Join(dir, "cgroup.procs"), write) == nil &&
		syscall.Access(dir, write) == nil
}

func moveToSupervisor(mount, base, own string) error {
	if own != base {
		return nil // we are in the leaf already
	}
	leaf := filepath.Join(mount, base, supervisor)
	if err := os.MkdirAll(leaf, 0o755); err != nil {
		return err
	}
	return writeFile(filepath.Join(leaf, "cgroup.procs"), strconv.Itoa(os.Getpid()))
}

// handDown enables our controllers along the path down to and including the
// parent. What a level does not have is left out; receipts show the lack.
func handDown(mount, parent string) error {
	dir := mount
	steps := strings.Split(strings.Trim(parent, "/"), "/")
	for _, step := range append([]string{""}, steps...) {
		dir = filepath.Join(dir, step)
		available, err := os.ReadFile(filepath.Join(dir, "cgroup.controllers"))
		if err != nil {
			return err
		}
		for _, c := range strings.Fields(string(available)) {
			if c == "memory" || c == "cpu" || c == "pids" || c == "io" || c == "cpuset" {
				// Above a delegated subtree this is refused, and done already.
				_ = writeFile(filepath.Join(dir, "cgroup.subtree_control"), "+"+c)
			}
		}
	}
	return nil
}

// writeFile writes to a file of the kernel: it exists, and one write is one order.
func writeFile(path, value string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(value)
	return errors.Join(err, f.Close())
}
