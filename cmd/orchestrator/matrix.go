package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"benchcell/internal/bench"
)

// maxCells is how many benchmarks one matrix may stand for.
const maxCells = 1000

var parameterName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// cells are the benchmarks that one with a matrix stands for: one for each
// combination of its parameters, which become labels and replace {parameter} in
// its texts. A benchmark without a matrix stands for itself.
func (b BenchmarkConfig) cells() ([]BenchmarkConfig, error) {
	if len(b.Matrix) == 0 {
		return []BenchmarkConfig{b}, nil
	}
	names := slices.Sorted(maps.Keys(b.Matrix))
	values, err := b.matrixValues(names)
	if err != nil {
		return nil, err
	}
	var cells []BenchmarkConfig
	for at := make([]int, len(names)); ; {
		parameters := map[string]string{}
		for i, name := range names {
			parameters[name] = values[i][at[i]]
		}
		cells = append(cells, b.cell(names, parameters))
		i := len(at) - 1 // the last parameter changes first
		for ; i >= 0; i-- {
			if at[i]++; at[i] < len(values[i]) {
				break
			}
			at[i] = 0
		}
		if i < 0 {
			return cells, nil
		}
	}
}

// matrixValues checks a matrix, also for its size, before anything is made of it.
func (b BenchmarkConfig) matrixValues(names []string) ([][]string, error) {
	list, cells := make([][]string, len(names)), 1
	for i, name := range names {
		values := b.Matrix[name]
		if !parameterName.MatchString(name) {
			return nil, fmt.Errorf("matrix.%s: a parameter must be 1 to 64 letters, digits, '-' and '_'", name)
		}
		if _, both := b.Labels[name]; both {
			return nil, fmt.Errorf("matrix.%s is a label as well: give one of them another name", name)
		}
		if len(values) == 0 {
			return nil, fmt.Errorf("matrix.%s is empty: it must have at least one value", name)
		}
		if cells *= len(values); cells > maxCells {
			return nil, fmt.Errorf("matrix has more than %d cells: give it fewer values, or split the benchmark", maxCells)
		}
		for j, v := range values {
			switch v.(type) {
			case string, int64, float64, bool:
				list[i] = append(list[i], fmt.Sprint(v))
			default:
				return nil, fmt.Errorf("matrix.%s[%d] is no string, number or boolean", name, j)
			}
		}
	}
	return list, nil
}

// cell is the benchmark with one value of each parameter. What its name does not
// say of them is put behind it.
func (b BenchmarkConfig) cell(names []string, parameters map[string]string) BenchmarkConfig {
	var pairs, unnamed []string
	for _, name := range names {
		pairs = append(pairs, "{"+name+"}", parameters[name])
		if !strings.Contains(b.Name, "{"+name+"}") {
			unnamed = append(unnamed, name+"="+parameters[name])
		}
	}
	fill := strings.NewReplacer(pairs...) // in one pass: a value is not looked into
	for _, text := range []*string{&b.Name, &b.Stdin, &b.Image, &b.Dir} {
		*text = fill.Replace(*text)
	}
	if len(unnamed) > 0 {
		b.Name += " (" + strings.Join(unnamed, ", ") + ")"
	}
	for _, argv := range []*[]string{&b.Command, &b.Setup, &b.Prepare, &b.Conclude, &b.Cleanup} {
		*argv = slices.Clone(*argv)
		for i := range *argv {
			(*argv)[i] = fill.Replace((*argv)[i])
		}
	}
	b.Env = maps.Clone(b.Env)
	for key, value := range b.Env {
		b.Env[key] = fill.Replace(value)
	}
	b.Files = slices.Clone(b.Files)
	for i := range b.Files {
		fillFile(fill, &b.Files[i])
	}
	b.Matrix, b.Labels = nil, maps.Clone(b.Labels)
	if b.Labels == nil {
		b.Labels = map[string]string{}
	}
	maps.Copy(b.Labels, parameters)
	return b
}

func fillFile(fill *strings.Replacer, f *bench.File) {
	f.Path = fill.Replace(f.Path)
	if f.Encoding != "base64" {
		f.Content = fill.Replace(f.Content)
	}
}
