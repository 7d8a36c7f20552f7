//go:build linux

package cgroup

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// killRounds bounds Kill to ten seconds: processes in uninterruptible sleep can
// outlast it.
const killRounds = 5000

// Kill ends every process of the group, the runner among them, and waits until
// it is empty.
func (g *Group) Kill() error {
	g.unthrottle()
	g.thaw()
	for round := range killRounds {
		pids, err := g.Pids()
		if err != nil || len(pids) == 0 {
			return err
		}
		switch atOnce := g.killAtOnce(); {
		case !atOnce:
			g.freezeAndKill(pids)
		case round > 0:
			killEach(pids)
		}
		time.Sleep(2 * time.Millisecond)
	}
	return errors.New("processes of control group " + g.path + " do not die")
}

// UnthrottleAfter lifts the limit of processors once a program should have been
// ended since a while. What many processes did in the kernel, where memory runs out,
// is a debt that has their whole group stand still for seconds, and with them the
// runner that is to end them. stop says whether it came before that.
func (g *Group) UnthrottleAfter(ended time.Duration) (stop func() bool) {
	const late = 500 * time.Millisecond
	if g == nil {
		return func() bool { return true }
	}
	return time.AfterFunc(ended+late, g.unthrottle).Stop
}

// unthrottle lets the processes have all the processor time that they need to die.
func (g *Group) unthrottle() {
	_ = writeFile(filepath.Join(g.folder("cpu"), "cpu.cfs_quota_us"), "-1") // v1; on v2 there is none
	_ = writeFile(filepath.Join(g.folder("cpu"), "cpu.max"), "max")
}

// thaw lets them receive the signal, if somebody has frozen them: on v1 none reaches
// what is frozen.
func (g *Group) thaw() {
	_ = writeFile(filepath.Join(g.folder("freezer"), "freezer.state"), "THAWED") // v1; on v2 they die frozen
}

// killAtOnce uses cgroup.kill, which no fork escapes; hybrid hosts have it too. It
// signals the first thread of each process, and so misses one where that has ended.
func (g *Group) killAtOnce() bool {
	return g.v2 != nil && writeFile(filepath.Join(g.v2Dir(), "cgroup.kill"), "1") == nil
}

// freezeAndKill holds the group still while it is killed one by one.
func (g *Group) freezeAndKill(pids []int) {
	_, freezer := g.place.v1["freezer"]
	if freezer && g.v1.Freeze() == nil {
		defer func() { _ = g.v1.Thaw() }()
		if frozen, err := g.Pids(); err == nil {
			pids = frozen
		}
	}
	killEach(pids)
}

func killEach(pids []int) {
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// Sweep kills and removes the groups below the place whose names begin with
// prefix: what an earlier life of the same server left. It returns how many.
func (p *Place) Sweep(prefix string) (int, error) {
	found := map[string]bool{}
	for _, dir := range (&Group{place: p, path: p.parent}).folders() {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return 0, err
		}
		for _, e := range entries {
			if e.IsDir() && strings.HasPrefix(e.Name(), prefix) {
				found[e.Name()] = true
			}
		}
	}
	var errs []error
	for name := range found {
		g := p.existing(name)
		errs = append(errs, g.Kill(), g.Delete())
	}
	return len(found), errors.Join(errs...)
}
