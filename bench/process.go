//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	words "benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/process"
	runnerimage "benchcell/runner-image"
)

// withBackend calls do with a process backend at work.
func withBackend(do func(context.Context, *process.Backend) error) error {
	temp, err := os.MkdirTemp("", "benchcell-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	backend := process.New(process.Config{
		Runner: runnerimage.Runner(), Owner: "bench", Temp: temp, Keep: 8, Log: slog.New(slog.DiscardHandler),
	})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- backend.Run(ctx) }()
	err = do(ctx, backend)
	stop()
	return errors.Join(err, <-done)
}

var spec = sandbox.Spec{Trusted: true, Limits: words.DefaultLimits()}

func execution(argv ...string) sandbox.Exec {
	return sandbox.Exec{Argv: argv, Timeout: 10 * time.Second, Grace: time.Second}
}

// bare starts and reaps a program with nothing around it.
func bare(argv ...string) error {
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{})
	if err != nil {
		return err
	}
	_, err = syscall.Wait4(pid, nil, 0, nil)
	return err
}

// process: what a run of a process costs beyond the program itself.
func (b *bench) process() error {
	return withBackend(func(ctx context.Context, backend *process.Backend) error {
		dir, err := os.MkdirTemp("", "benchcell-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		small, err := writeSmallest(dir)
		if err != nil {
			return err
		}
		session, err := backend.Open(ctx, spec)
		if err != nil {
			return err
		}
		defer session.Close()
		runIn := func(s sandbox.Session) error {
			o, err := s.Run(ctx, execution(small))
			if err == nil && o.Verdict != words.OK {
				err = fmt.Errorf("verdict %s: %s", o.Verdict, o.Reason)
			}
			return err
		}
		medians, err := interleave(b.n,
			func() error { return bare(small) },
			func() error { return runIn(session) },
			func() error {
				s, err := backend.Open(ctx, spec)
				if err != nil {
					return err
				}
				return errors.Join(runIn(s), s.Close())
			},
		)
		if err != nil {
			return err
		}
		base := medians[0]
		for i, what := range []string{"a sample in an open session, added", "a whole session of one sample, added"} {
			added := medians[i+1] - base
			ratio := float64(added) / float64(base)
			if i == 0 {
				b.add(what, micros(added), micros(base)+" bare ForkExec + Wait4 of the same static program", fmt.Sprintf("%.2f", ratio), ratio, 1.2, "≤ 1.2")
			}
			seed := float64(added) / 1e7
			b.add(what, micros(added), "10 ms of the seed", fmt.Sprintf("1/%.0f", 1/seed), seed, 1.0/50, "≤ 1/50")
		}
		return nil
	})
}

// memory: what a trivial program reports under a large server, and what a
// waiting runner costs.
func (b *bench) memory() error {
	ballast, err := syscall.Mmap(-1, 0, 500<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return err
	}
	for i := 0; i < len(ballast); i += 4096 {
		ballast[i] = 1
	}
	defer func() { _ = syscall.Munmap(ballast) }()
	return withBackend(func(ctx context.Context, backend *process.Backend) error {
		session, err := backend.Open(ctx, spec)
		if err != nil {
			return err
		}
		defer session.Close()
		o, err := session.Run(ctx, execution("/bin/true"))
		if err != nil {
			return err
		}
		cmd := exec.Command("/bin/true")
		if err := cmd.Run(); err != nil {
			return err
		}
		usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
		if !ok {
			return errors.New("no rusage")
		}
		naive := usage.Maxrss << 10
		b.add("peak of /bin/true under a server of 500 MB", mib(*o.MaxRSS), mib(naive)+" as os/exec reports it",
			fmt.Sprintf("1/%.0f", float64(naive)/float64(*o.MaxRSS)), float64(*o.MaxRSS), 2.5e6, "< 2.5 MB")
		private, err := runnerMemory()
		if err != nil {
			return err
		}
		b.add("a waiting runner, private memory", mib(private), "–", "–", float64(private), 2e6, "< 2 MB")
		return nil
	})
}

// runnerMemory finds the runner among our children.
func runnerMemory() (int64, error) {
	children, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/children", os.Getpid()))
	if err != nil {
		return 0, err
	}
	text := string(children)
	if tasks, err := os.ReadDir("/proc/self/task"); err == nil {
		for _, task := range tasks {
			more, _ := os.ReadFile("/proc/self/task/" + task.Name() + "/children")
			text += " " + string(more)
		}
	}
	for _, pid := range strings.Fields(text) {
		name, _ := os.ReadFile("/proc/" + pid + "/cmdline")
		if strings.HasPrefix(string(name), "benchcell-runner") {
			return privateMemory(pid)
		}
	}
	return 0, errors.New("no runner among the children")
}

// privateMemory is what a process costs alone, in bytes.
func privateMemory(pid string) (int64, error) {
	f, err := os.Open("/proc/" + pid + "/smaps_rollup")
	if err != nil {
		return 0, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return 0, err
	}
	sum := int64(0)
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && strings.HasPrefix(f[0], "Private_") {
			kb, err := strconv.ParseInt(f[1], 10, 64)
			if err != nil {
				return 0, err
			}
			sum += kb << 10
		}
	}
	return sum, nil
}
