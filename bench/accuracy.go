//go:build linux

package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	words "benchcell/internal/bench"
	"benchcell/internal/sandbox/process"
)

// accuracy: what is measured of programs whose time and CPU time are known.
func (b *bench) accuracy() error {
	dir, err := os.MkdirTemp("", "benchcell-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	guest := filepath.Join(dir, "guest")
	if out, err := exec.Command("go", "build", "-o", guest, "./internal/sandbox/sandboxtest/guest").CombinedOutput(); err != nil {
		return fmt.Errorf("build the guest: %w: %s", err, out)
	}
	return withBackend(func(ctx context.Context, backend *process.Backend) error {
		sleep, err := exec.LookPath("sleep")
		if err != nil {
			return err
		}
		wall, cpu, err := middles(ctx, backend, sleep, "0.05")
		if err != nil {
			return err
		}
		off := math.Abs(float64(wall)/1e6 - 50)
		times, err := timeBare(21, sleep, "0.05")
		if err != nil {
			return err
		}
		slices.Sort(times)
		b.add("sleep 0.05: median", fmt.Sprintf("%.2f ms", float64(wall)/1e6), fmt.Sprintf("%.2f ms bare ForkExec + Wait4", float64(times[10])/1e6),
			"–", off, 1, "50 ± 1 ms")
		b.add("sleep 0.05: CPU time a sample", micros(cpu), "–", "–", float64(cpu), 3e6, "< 3 ms")
		if _, cpu, err = middles(ctx, backend, guest, "spin", "2", "200"); err != nil {
			return err
		}
		off = math.Abs(float64(cpu)/2e8 - 1)
		b.add("200 ms of CPU time in two threads", fmt.Sprintf("%.2f ms", float64(cpu)/1e6), "200 ms", fmt.Sprintf("%.2f %% apart", 100*off), off, 0.02, "± 2 %")
		return nil
	})
}

// middles are the medians of the time and the CPU time of a program.
func middles(ctx context.Context, backend *process.Backend, argv ...string) (wall, cpu time.Duration, err error) {
	two := spec
	two.Limits.CPUs = 2
	session, err := backend.Open(ctx, two)
	if err != nil {
		return 0, 0, err
	}
	defer session.Close()
	var walls, cpus []time.Duration
	for range 21 {
		o, err := session.Run(ctx, execution(argv...))
		if err != nil {
			return 0, 0, err
		}
		if o.Verdict != words.OK {
			return 0, 0, fmt.Errorf("%s: verdict %s: %s", argv[0], o.Verdict, o.Reason)
		}
		walls, cpus = append(walls, o.Wall), append(cpus, o.CPU.Total())
	}
	slices.Sort(walls)
	slices.Sort(cpus)
	return walls[10], cpus[10], nil
}
