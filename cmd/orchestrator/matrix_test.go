package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/container"
)

func TestMatrix(t *testing.T) {
	text := `
[[benchmarks]]
name = "{tool}: pack"
command = ["{tool}", "-{level}", "{other}", "{print}"]
stdin = "{size}{size}"
image = "tools:{tool}"
env = { SIZE = "{size}" }
files = [{ path = "{size}.txt", content = "{tool}" }, { path = "b", content = "e3Rvb2x9", encoding = "base64" }]
setup = ["make", "{size}"]
cleanup = ["rm", "{size}"]
labels = { team = "x" }
[benchmarks.matrix]
tool = ["gzip", "{size}"]
size = ["1k", "1M"]
level = [1, 2.5, true]
`
	c := Config{Base: "/srv"}
	if err := decodeTOML([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	list, err := c.benchmarks()
	if err != nil || len(list) != 12 {
		t.Fatalf("%d benchmarks, %v", len(list), err)
	}
	var slugs []string
	for _, b := range list {
		slugs = append(slugs, b.Slug)
	}
	// Sorted by parameter, the last changes first.
	if want := []string{"gzip-pack-level-1-size-1m", "size-pack-level-1-size-1m", "gzip-pack-level-2-5-size-1k"}; !slices.Equal(slugs[2:5], want) {
		t.Errorf("addresses %v", slugs)
	}
	b := list[2] // level 1, size 1M, gzip
	want := bench.Definition{
		Name: "gzip: pack (level=1, size=1M)", Command: []string{"gzip", "-1", "{other}", "{print}"}, Image: "tools:gzip",
		Env: map[string]string{"SIZE": "1M"}, Labels: bench.Labels{"team": "x", "tool": "gzip", "size": "1M", "level": "1"},
		Files: []bench.File{{Path: "1M.txt", Content: "gzip"}, {Path: "b", Content: "e3Rvb2x9", Encoding: "base64"}},
		Hooks: bench.Hooks{Setup: []string{"make", "1M"}, Cleanup: []string{"rm", "1M"}},
	}
	if !reflect.DeepEqual(b.Definition, want) || b.Stdin != "1M1M" {
		t.Errorf("%+v", b)
	}
	if list[3].Command[0] != "{size}" {
		t.Errorf("a value was looked into: %q", list[3].Command)
	}
	kinds, err := c.containerKinds()
	if err != nil || !slices.ContainsFunc(kinds, func(k container.Kind) bool { return k.Image == "tools:gzip" }) {
		t.Errorf("containers %v, %v", kinds, err)
	}
	if own := c.Benchmarks[0]; own.Command[0] != "{tool}" || own.Env["SIZE"] != "{size}" || len(own.Labels) != 1 || own.Files[0].Content != "{tool}" {
		t.Errorf("the configuration was changed: %+v", own)
	}
}

func TestMatrixIsRefused(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("1, ", 1000), ", ")
	for said, matrix := range map[string]string{
		"matrix.size is empty":                "size = []",
		"matrix.size[1] is no string, number": "size = [1, [2]]",
		"matrix.size[0] is no string":         "size = [2026-01-01]",
		"matrix.{x}: a parameter must be":     `"{x}" = [1]`,
		"matrix.team is a label as well":      "team = [1]",
		"more than 1000 cells":                fmt.Sprintf("a = [%s]\nb = [%s]", many, many),
		"more than 1000":                      fmt.Sprintf("a = [%s, 2]", many),
		`have the same address "x-a-1"`:       `a = ["1", "1"]`,
		"name must be 1 to 200 bytes":         fmt.Sprintf("a = [%q]", strings.Repeat("v", 201)),
	} {
		var c Config
		text := "[[benchmarks]]\nname = \"x\"\ncommand = [\"true\"]\nlabels = { team = \"x\" }\n[benchmarks.matrix]\n" + matrix
		if err := decodeTOML([]byte(text), &c); err != nil {
			t.Errorf("%s: %v", said, err)
			continue
		}
		if _, err := c.benchmarks(); err == nil || !strings.Contains(err.Error(), said) || !strings.Contains(err.Error(), "benchmarks[0]") {
			t.Errorf("got %.300v, want %s", err, said)
		}
	}
}

func TestAMatrixMayBeAsLargeAsItsBound(t *testing.T) {
	b := BenchmarkConfig{Name: "x", Matrix: map[string][]any{"a": make([]any, 25), "b": make([]any, 40)}}
	for _, values := range b.Matrix {
		for i := range values {
			values[i] = int64(i)
		}
	}
	cells, err := b.cells()
	if err != nil || len(cells) != maxCells || cells[41].Name != "x (a=1, b=1)" {
		t.Errorf("%d cells, %v", len(cells), err)
	}
}

func TestShare(t *testing.T) {
	for text, want := range map[string]float64{
		"1%": 0.01, "0.01": 0.01, "2.5 %": 0.025, "100%": 1, "1": 1, "0.01%": 0.0001, "1e-2": 0.01,
		"": 0, "%": 0, "0": 0, "-1%": 0, "101%": 0, "0.001%": 0, "NaN": 0, "inf": 0, "1%%": 0, "one": 0,
	} {
		var s Share
		if err := s.UnmarshalText([]byte(text)); (err == nil) != (want != 0) || float64(s) != want {
			t.Errorf("%q: %v, %v", text, s, err)
		}
	}
}

func FuzzShare(f *testing.F) {
	for _, seed := range []string{"1%", "0.01", "1e400%", "-0", "NaN%", " %"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var s Share
		if err := s.UnmarshalText([]byte(text)); err == nil && !(float64(s) >= bench.MinPrecision && float64(s) <= bench.MaxPrecision) {
			t.Errorf("%q is %v", text, s)
		}
	})
}
