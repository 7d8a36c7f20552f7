package hostile

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"benchcell/internal/sandbox/cgroup"
)

// Seen is a process as the host's kernel shows it, whatever it says of itself.
type Seen struct {
	Pid        int
	Status     map[string]string // of /proc/PID/status
	Namespaces map[string]string // by kind; those that may be read
	guarded    error             // nil if it is behind the guard
}

// look watches a trial's processes until the function that it returns is called.
func (s *Suite) look(ctx context.Context, trial *Trial) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		known := map[int]bool{}
		again := time.NewTicker(5 * time.Millisecond)
		defer again.Stop()
		for {
			pids := processesOf(trial.token)
			trial.Most = max(trial.Most, len(pids))
			for _, pid := range pids {
				if !known[pid] && len(known) < 4 {
					known[pid] = true
					trial.Seen = append(trial.Seen, see(pid, s.Guard)...)
				}
			}
			select {
			case <-ctx.Done():
				return
			case <-again.C:
			}
		}
	})
	return func() { cancel(); wg.Wait() }
}

// processesOf finds processes by the token in their command line, which a bare
// copy of one has too.
func processesOf(token string) (pids []int) {
	entries, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range entries {
		if text, err := os.ReadFile(name); err == nil && strings.Contains(string(text), token) {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name))); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// see reads what the kernel says of a process; nothing of one that is gone.
func see(pid int, guard *cgroup.Guard) []Seen {
	dir := "/proc/" + strconv.Itoa(pid) + "/"
	text, err := os.ReadFile(dir + "status")
	if err != nil {
		return nil
	}
	seen := Seen{Pid: pid, Status: map[string]string{}, Namespaces: map[string]string{}}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		seen.Status[key] = strings.TrimSpace(value)
	}
	for _, kind := range []string{"net", "pid", "mnt", "ipc", "uts", "user"} {
		if link, err := os.Readlink(dir + "ns/" + kind); err == nil {
			seen.Namespaces[kind] = link
		}
	}
	if guard != nil {
		seen.guarded = guard.Holds(pid)
	}
	if strings.HasPrefix(seen.Status["State"], "Z") || seen.Status["NoNewPrivs"] == "" {
		return nil
	}
	if _, err := os.Stat(dir); err != nil {
		return nil
	}
	return []Seen{seen}
}
