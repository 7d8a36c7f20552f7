package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowed is the direction of imports: what each package may use of ours. It is
// the table of ARCHITECTURE.md.
var allowed = map[string][]string{
	"internal/bench":   {},
	"internal/stats":   {},
	"internal/builtin": {"internal/bench"},
	"internal/machine": {"internal/bench"},
	"internal/report":  {"internal/bench"},
	"internal/sandbox": {"internal/bench"},

	"internal/sandbox/cgroup": {"internal/bench"},
	"internal/sandbox/container": {
		"internal/bench", "internal/sandbox", "internal/sandbox/cgroup", "internal/sandbox/runner",
		"internal/sandbox/runner/frame", "internal/sandbox/seccomp", "internal/sandbox/weaken",
	},
	"internal/sandbox/weaken":    {},
	"internal/sandbox/seccomp":   {},
	"internal/sandbox/inprocess": {"internal/bench", "internal/sandbox", "internal/sandbox/weaken"},
	"internal/sandbox/process": {
		"internal/bench", "internal/sandbox", "internal/sandbox/cgroup", "internal/sandbox/runner",
		"internal/sandbox/runner/frame", "internal/sandbox/seccomp", "internal/sandbox/weaken",
	},
	"internal/sandbox/runner":            {"internal/bench", "internal/sandbox", "internal/sandbox/runner/frame", "internal/sandbox/weaken"},
	"internal/sandbox/runner/frame":      {},
	"internal/sandbox/runner/inside":     {"internal/sandbox/runner/frame", "internal/sandbox/weaken"},
	"internal/sandbox/hostile":           {"internal/bench", "internal/sandbox", "internal/sandbox/cgroup", "internal/sandbox/runner/frame"},
	"internal/sandbox/sandboxtest":       {"internal/bench", "internal/sandbox"},
	"internal/sandbox/sandboxtest/guest": {},

	"internal/comparison": {"internal/bench", "internal/stats"},

	"internal/access":    {"internal/bench"},
	"internal/store":     {"internal/bench"},
	"internal/scheduler": {"internal/bench", "internal/stats"},
	"internal/history":   {"internal/bench", "internal/comparison", "internal/stats"},
	"internal/worker":    {"internal/bench", "internal/report", "internal/sandbox", "internal/stats"},
	"internal/api":       {"internal/access", "internal/bench", "internal/comparison", "internal/report", "internal/sandbox", "internal/svg"},
	"internal/svg":       {},

	"runner-image":               {},
	"runner-image/runner":        {"internal/sandbox/runner/inside"},
	"runner-image/bench-builtin": {"internal/builtin"},
	"runner-image/hostile":       {},
	"web":                        {},
	".":                          {},
}

// anything may be imported by those who join the parts.
var anything = []string{"cmd/orchestrator", "bench", "bench/seed"}

func TestImports(t *testing.T) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "benchcell/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		name := short(p.ImportPath)
		if slices.Contains(anything, name) {
			continue
		}
		may, known := allowed[name]
		if !known {
			t.Errorf("package %s has no line in the table of imports", name)
		}
		for _, i := range p.Imports {
			if ours(i) && !slices.Contains(may, short(i)) {
				t.Errorf("%s imports %s", name, short(i))
			}
		}
	}
}

func ours(path string) bool { return path == "benchcell" || strings.HasPrefix(path, "benchcell/") }

func short(path string) string {
	if path == "benchcell" {
		return "."
	}
	return strings.TrimPrefix(path, "benchcell/")
}
