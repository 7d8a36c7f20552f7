package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"benchcell/internal/bench"
)

// samplingFlags change how the chosen benchmarks are sampled, and what surrounds
// their samples.
type samplingFlags struct {
	min, max              int
	minTime               time.Duration
	precision, ignoreExit string
	hooks                 map[string]*string // by name
}

var hookUsage = map[string]string{
	bench.HookSetup:    "command once before the first warm-up, run without a shell",
	bench.HookPrepare:  "command before each sample, not timed",
	bench.HookConclude: "command after each sample, not timed",
	bench.HookCleanup:  "command at the end, also after a failure",
}

func (f *samplingFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	numberVar(flags, &f.min, "min", 1, bench.MaxIterations, 0, "least samples, where their number is not fixed (default 10)")
	numberVar(flags, &f.max, "max", 1, bench.MaxIterations, 0, "most samples, where their number is not fixed (default 1000)")
	timeVar(flags, &f.minTime, "min-time", "go on sampling for so long at least")
	flags.StringVar(&f.precision, "precision", "", "go on until the median is known so well, like 1%")
	flags.StringVar(&f.ignoreExit, "ignore-exit", "", "exit codes that are as good as 0, like 1,3, or all")
	f.hooks = map[string]*string{}
	for _, name := range bench.HookNames {
		f.hooks[name] = flags.String(name, "", hookUsage[name])
	}
}

// apply puts what the flags state in place of what the benchmark does.
func (f *samplingFlags) apply(cmd *cobra.Command, b *bench.Benchmark) error {
	if err := f.applySampling(cmd, b); err != nil {
		return err
	}
	flags := cmd.Flags()
	for _, name := range bench.HookNames {
		if !flags.Changed(name) {
			continue
		}
		argv, err := splitWords(*f.hooks[name])
		if err != nil {
			return fmt.Errorf("--%s: %w", name, err)
		}
		*b.Hook(name) = argv
	}
	if flags.Changed("ignore-exit") {
		codes, err := parseExitCodes(f.ignoreExit)
		if err != nil {
			return fmt.Errorf("--ignore-exit: %w", err)
		}
		b.IgnoreExit = codes
	}
	return b.Validate()
}

func (f *samplingFlags) applySampling(cmd *cobra.Command, b *bench.Benchmark) error {
	flags, s, stated := cmd.Flags(), b.Sampling, ""
	for _, flag := range []struct {
		name string
		set  func()
	}{
		{"min", func() { s.Min = f.min }},
		{"max", func() { s.Max = f.max }},
		{"min-time", func() { s.MinTime = Duration(f.minTime).Millis() }},
		{"precision", func() {}},
	} {
		if flags.Changed(flag.name) {
			flag.set()
			stated = flag.name
		}
	}
	if stated == "" || !b.Kind.Sampled() { // which are executed once
		return nil
	}
	if flags.Changed("iterations") {
		return fmt.Errorf("--iterations and --%s contradict each other", stated)
	}
	if flags.Changed("precision") {
		var share Share
		if err := share.UnmarshalText([]byte(f.precision)); err != nil {
			return fmt.Errorf("--precision: %w", err)
		}
		s.Precision = float64(share)
	}
	b.Iterations, b.Sampling = 0, s
	return nil
}

func parseExitCodes(text string) (*bench.ExitCodes, error) {
	if text == "all" {
		return &bench.ExitCodes{All: true}, nil
	}
	var codes bench.ExitCodes
	for _, part := range strings.Split(text, ",") {
		code, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("%q is no exit code: it must be all, or codes like 1,3", part)
		}
		codes.Codes = append(codes.Codes, code)
	}
	return &codes, nil
}
