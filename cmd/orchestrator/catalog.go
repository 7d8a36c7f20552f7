package main

import (
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
	TargetMs   *float64          `toml:"target_ms"`
	Iterations *int              `toml:"iterations"`
	Warmup     *int              `toml:"warmup"`
	Timeout    *Duration         `toml:"timeout"`
	Grace      *Duration         `toml:"grace"`
	Budget     *Duration         `toml:"budget"`
	Isolation  string            `toml:"isolation"`
	Image      string            `toml:"image"`
	Dir        string            `toml:"dir"`
	Stdin      string            `toml:"stdin"`
	StdinLines int               `toml:"stdin_lines"`
	Limits     LimitsConfig      `toml:"limits"`
	Env        map[string]string `toml:"env"`
}

// benchmarks makes the operator's benchmarks of the configuration.
func (c *Config) benchmarks() ([]bench.Benchmark, error) {
	list := make([]bench.Benchmark, 0, len(c.Benchmarks))
	taken := map[string]string{}
	for i, b := range c.Benchmarks {
		made, err := b.benchmark(c.Base)
		if err != nil {
			return nil, fmt.Errorf("benchmarks[%d] (%s): %w", i, b.Name, err)
		}
		if other, ok := taken[made.Slug]; ok {
			return nil, fmt.Errorf("benchmarks[%d]: the names %q and %q have the same address %q", i, other, made.Name, made.Slug)
		}
		taken[made.Slug] = made.Name
		list = append(list, made)
	}
	return list, nil
}

func (b BenchmarkConfig) benchmark(base string) (bench.Benchmark, error) {
	made := bench.Benchmark{
		Definition: bench.Definition{
			Name: b.Name, Command: b.Command, Image: b.Image, Target: b.TargetMs, Warmup: b.Warmup, Env: b.Env,
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
	if err := b.addNumbers(&made); err != nil {
		return made, err
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
	if b.Iterations != nil {
		if made.Iterations = *b.Iterations; made.Iterations < 1 {
			return fmt.Errorf("iterations is %d: it must be 1 to %d", *b.Iterations, bench.MaxIterations)
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
	if b.Iterations == 0 {
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
