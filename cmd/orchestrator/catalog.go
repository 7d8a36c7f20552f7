package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"benchcell/internal/bench"
	"benchcell/internal/builtin"
)

// BenchmarkConfig is one [[benchmarks]]. Nil is not stated.
type BenchmarkConfig struct {
	Name       string            `toml:"name"`
	Category   string            `toml:"category"`
	Kind       string            `toml:"kind"`
	Command    []string          `toml:"command"`
	Builtin    string            `toml:"builtin"`
	Labels     map[string]string `toml:"labels"`
	Matrix     map[string][]any  `toml:"matrix"`
	Iterations *int              `toml:"iterations"`
	Min        *int              `toml:"min"`
	Max        *int              `toml:"max"`
	MinTime    *Duration         `toml:"min_time"`
	Precision  *Share            `toml:"precision"`
	Warmup     *int              `toml:"warmup"`
	Setup      []string          `toml:"setup"`
	Prepare    []string          `toml:"prepare"`
	Conclude   []string          `toml:"conclude"`
	Cleanup    []string          `toml:"cleanup"`
	IgnoreExit any               `toml:"ignore_exit"` // true, or a list of codes
	Timeout    *Duration         `toml:"timeout"`
	Grace      *Duration         `toml:"grace"`
	Budget     *Duration         `toml:"budget"`
	Isolation  string            `toml:"isolation"`
	Image      string            `toml:"image"`
	Dir        string            `toml:"dir"`
	Stdin      string            `toml:"stdin"`
	StdinLines int               `toml:"stdin_lines"`
	Files      []bench.File      `toml:"files"`
	Limits     LimitsConfig      `toml:"limits"`
	Env        map[string]string `toml:"env"`

	TargetMs     *float64 `toml:"target_ms"`
	TargetMemory *Size    `toml:"target_memory"`
	TargetOn     string   `toml:"target_on"`
}

// benchmarks makes the operator's benchmarks of the configuration.
func (c *Config) benchmarks() ([]bench.Benchmark, error) {
	list := make([]bench.Benchmark, 0, len(c.Benchmarks))
	taken := map[string]string{}
	for i, b := range c.Benchmarks {
		cells, err := b.cells()
		if err != nil {
			return nil, fmt.Errorf("benchmarks[%d] (%s): %w", i, b.Name, err)
		}
		for _, cell := range cells {
			made, err := cell.benchmark(c.Base)
			if err != nil {
				return nil, fmt.Errorf("benchmarks[%d] (%s): %w", i, cell.Name, err)
			}
			if other, ok := taken[made.Slug]; ok {
				return nil, fmt.Errorf("benchmarks[%d]: the names %q and %q have the same address %q", i, other, made.Name, made.Slug)
			}
			taken[made.Slug] = made.Name
			list = append(list, made)
		}
	}
	return list, nil
}

func (b BenchmarkConfig) benchmark(base string) (bench.Benchmark, error) {
	made := bench.Benchmark{
		Definition: bench.Definition{
			Name: b.Name, Command: b.Command, Image: b.Image, Files: b.Files, Warmup: b.Warmup, Env: b.Env, Labels: b.Labels,
			Hooks: bench.Hooks{Setup: b.Setup, Prepare: b.Prepare, Conclude: b.Conclude, Cleanup: b.Cleanup},
		},
		Slug: bench.Slug(b.Name), Category: b.Category, Kind: bench.Kind(b.Kind), Builtin: b.Builtin,
		Stdin: b.Stdin, StdinLines: b.StdinLines, Dir: workingFolder(b.Dir, base), Trusted: true,
	}
	if b.Kind == "" {
		made.Kind = bench.KindCommand
	}
	if made.Category == "" {
		made.Category = "other"
	}
	for _, add := range []func(*bench.Benchmark) error{b.addNumbers, b.addSampling, b.addTarget} {
		if err := add(&made); err != nil {
			return made, err
		}
	}
	if made.Kind == bench.KindBuiltin {
		if err := addBuiltin(&made); err != nil {
			return made, err
		}
	}
	return made, made.Validate()
}

func (b BenchmarkConfig) addNumbers(made *bench.Benchmark) (err error) {
	for _, d := range []struct {
		from *Duration
		to   *float64
	}{{b.Timeout, &made.Timeout}, {b.Grace, &made.Grace}, {b.Budget, &made.Budget}} {
		if d.from != nil {
			*d.to = d.from.Millis()
		}
	}
	if b.Isolation != "" {
		if made.Isolation, err = bench.ParseIsolation(b.Isolation); err != nil {
			return err
		}
	}
	made.Limits, err = b.Limits.limits()
	return err
}

// addSampling refuses numbers that would read as not stated.
func (b BenchmarkConfig) addSampling(made *bench.Benchmark) error {
	for _, n := range []struct {
		key  string
		from *int
		to   *int
	}{{"iterations", b.Iterations, &made.Iterations}, {"min", b.Min, &made.Min}, {"max", b.Max, &made.Max}} {
		if n.from == nil {
			continue
		}
		if *n.to = *n.from; *n.to < 1 {
			return fmt.Errorf("%s is %d: it must be 1 to %d", n.key, *n.to, bench.MaxIterations)
		}
	}
	if b.MinTime != nil {
		made.MinTime = b.MinTime.Millis()
	}
	if b.Precision != nil {
		made.Precision = float64(*b.Precision)
	}
	if b.IgnoreExit == nil {
		return nil
	}
	text, err := json.Marshal(b.IgnoreExit)
	if err != nil {
		return err
	}
	made.IgnoreExit = new(bench.ExitCodes)
	return made.IgnoreExit.UnmarshalJSON(text)
}

// addTarget takes a target in the unit of what it is on.
func (b BenchmarkConfig) addTarget(made *bench.Benchmark) error {
	made.Target, made.TargetOn = b.TargetMs, bench.TargetOn(b.TargetOn)
	if b.TargetMemory == nil {
		if made.TargetOn == bench.OnMemory {
			return errors.New("target_on is memory: state the target in target_memory")
		}
		return nil
	}
	if b.TargetMs != nil || (b.TargetOn != "" && made.TargetOn != bench.OnMemory) {
		return errors.New("target_memory is a target on memory: it goes neither with target_ms nor with another target_on")
	}
	bytes := float64(*b.TargetMemory)
	made.Target, made.TargetOn = &bytes, bench.OnMemory
	return nil
}

// addBuiltin takes from the registered function what is not stated.
func addBuiltin(b *bench.Benchmark) error {
	if b.Builtin == "" {
		b.Builtin = bench.Slug(b.Name)
	}
	f, ok := builtin.Lookup(b.Builtin)
	if !ok {
		var names []string
		for _, f := range builtin.All() {
			names = append(names, f.Name)
		}
		return fmt.Errorf("builtin %q is not one of %s", b.Builtin, strings.Join(names, ", "))
	}
	if b.Target == nil {
		b.Target = &f.Target
	}
	if b.Iterations == 0 && b.Sampling == (bench.Sampling{}) {
		b.Iterations = f.Iterations
	}
	return nil
}

// workingFolder is absolute: relative ones begin beside the configuration file.
// Without a file and without a folder it is left to the caller's own.
func workingFolder(dir, base string) string {
	if dir == "" || !filepath.IsAbs(dir) {
		if base == "" {
			return dir
		}
		return filepath.Join(base, dir)
	}
	return dir
}

// find picks benchmarks by slug or name, in the order asked for.
func find(all []bench.Benchmark, names []string) ([]bench.Benchmark, error) {
	var found []bench.Benchmark
	for _, name := range names {
		i := indexOf(all, name)
		if i < 0 {
			return nil, usageError{fmt.Errorf("there is no benchmark %q; the configuration has: %s", name, slugList(all))}
		}
		found = append(found, all[i])
	}
	return found, nil
}

func indexOf(all []bench.Benchmark, name string) int {
	for i, b := range all {
		if b.Slug == name || strings.EqualFold(b.Name, name) {
			return i
		}
	}
	return -1
}

func slugList(all []bench.Benchmark) string {
	var slugs []string
	for _, b := range all {
		slugs = append(slugs, b.Slug)
	}
	return strings.Join(slugs, ", ")
}
