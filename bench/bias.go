//go:build linux

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/process"
)

// timer reports how long each of n executions of a program took.
type timer func(n int, argv ...string) ([]time.Duration, error)

// bias: by how much the reported time is longer than starting the program and
// waiting for it with nothing around, beside hyperfine's without a shell.
func (b *bench) bias() error {
	hyperfine, err := exec.LookPath("hyperfine")
	if err != nil {
		return skip("hyperfine", "it is not installed: apt-get install hyperfine")
	}
	dir, err := os.MkdirTemp("", "benchcell-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return withBackend(func(ctx context.Context, backend *process.Backend) error {
		session, err := backend.Open(ctx, spec)
		if err != nil {
			return err
		}
		defer session.Close()
		timers := []timer{timeBare, timeIn(ctx, session), timeWith(hyperfine, filepath.Join(dir, "times.json"))}
		short, err := reported(dir, time.Millisecond, 40, 20, timers)
		if err != nil {
			return err
		}
		ours, theirs := middle(short[1])-middle(short[0]), middle(short[2])-middle(short[0])
		ratio := float64(ours) / float64(theirs)
		b.add("reported time of a 1 ms program, over bare ForkExec + Wait4", micros(ours), micros(theirs)+" hyperfine -N",
			fmt.Sprintf("%.2f", ratio), ratio, 0.5, "≤ 1/2")
		const each = 5
		long, err := reported(dir, 50*time.Millisecond, 20, each, timers)
		if err != nil {
			return err
		}
		// Round by round: the machine's speed changes by half from one second to another.
		var ratios []float64
		for i := 0; i < len(long[1]); i += each {
			ratios = append(ratios, float64(middle(long[1][i:i+each]))/float64(middle(long[2][i:i+each])))
		}
		apart := math.Abs(middle(ratios) - 1)
		b.add("reported time of a 50 ms program", fmt.Sprintf("%.2f ms", float64(middle(long[1]))/1e6), fmt.Sprintf("%.2f ms hyperfine -N", float64(middle(long[2]))/1e6),
			fmt.Sprintf("%.2f %% apart", 100*apart), apart, 0.02, "≤ 2 % apart")
		return nil
	})
}

// reported is what each timer says of a program that takes about so long, round by
// round. They take turns in random order, a few executions at a time behind a warm-up:
// hyperfine takes at least two each time that it is started.
func reported(dir string, about time.Duration, rounds, each int, timers []timer) ([][]time.Duration, error) {
	program, err := writeSpinning(dir, about)
	if err != nil {
		return nil, err
	}
	all := make([][]time.Duration, len(timers))
	for range rounds {
		for _, i := range rand.Perm(len(timers)) {
			times, err := timers[i](each+1, program)
			if err != nil {
				return nil, err
			}
			all[i] = append(all[i], times[1:]...)
		}
	}
	return all, nil
}

func middle[T cmp.Ordered](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// writeSpinning writes a program that takes about so long on this machine.
func writeSpinning(dir string, about time.Duration) (string, error) {
	const trial = 20_000_000
	program, err := spinning(trial)
	if err != nil {
		return "", err
	}
	path, err := writeProgram(dir, "trial", program)
	if err != nil {
		return "", err
	}
	times, err := timeBare(9, path)
	if err != nil {
		return "", err
	}
	slices.Sort(times)
	if program, err = spinning(uint32(trial * float64(about) / float64(times[4]))); err != nil {
		return "", err
	}
	return writeProgram(dir, "takes-"+about.String(), program)
}

func timeBare(n int, argv ...string) ([]time.Duration, error) {
	times := make([]time.Duration, n)
	for i := range times {
		start := time.Now()
		if err := bare(argv...); err != nil {
			return nil, err
		}
		times[i] = time.Since(start)
	}
	return times, nil
}

func timeIn(ctx context.Context, session sandbox.Session) timer {
	return func(n int, argv ...string) ([]time.Duration, error) {
		times := make([]time.Duration, n)
		for i := range times {
			o, err := session.Run(ctx, execution(argv...))
			if err != nil {
				return nil, err
			}
			times[i] = o.Wall
		}
		return times, nil
	}
}

// timeWith hyperfine, which leaves its times in a file.
func timeWith(hyperfine, file string) timer {
	return func(n int, argv ...string) ([]time.Duration, error) {
		cmd := exec.Command(hyperfine, "-N", "--style", "none", "--runs", strconv.Itoa(n), "--export-json", file, strings.Join(argv, " "))
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("hyperfine: %w: %s", err, out)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var export struct {
			Results []struct{ Times []float64 }
		}
		if err := json.Unmarshal(text, &export); err != nil {
			return nil, err
		}
		var times []time.Duration
		for _, seconds := range export.Results[0].Times {
			times = append(times, time.Duration(seconds*1e9))
		}
		return times, nil
	}
}
