package hostile

import (
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"benchcell/internal/sandbox/sandboxtest"
)

func TestMain(m *testing.M) { os.Exit(sandboxtest.Main(m)) }

// Every case states what it must; its programs exist, and none exists for nothing.
func TestTable(t *testing.T) {
	// These are started by other programs.
	used := map[string]bool{"nothing": true, "stand": true, "writer": true, "daemon-child": true, "abort": true, "holder": true, "lock-holder": true}
	names := map[string]bool{}
	for _, c := range All() {
		if names[c.Name] || c.Does == "" || len(c.On) == 0 || len(c.Verdicts) == 0 || c.Defence == "" {
			t.Errorf("case %q is not whole, or comes twice", c.Name)
		}
		names[c.Name] = true
		used[c.program()] = true
		if c.Then != "" {
			used[c.Then] = true
		}
	}
	out, _ := exec.Command(sandboxtest.Build(t, "runner-image/hostile")).CombinedOutput() // it says how to use it, and fails
	_, list, _ := strings.Cut(string(out), "\n")
	if have, want := slices.Sorted(slices.Values(strings.Fields(list))), slices.Sorted(maps.Keys(used)); !slices.Equal(have, want) {
		t.Errorf("the programs are %v\nand the cases use %v", have, want)
	}
}
