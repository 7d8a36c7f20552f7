//go:build linux

package cgroup

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestPin(t *testing.T) {
	g := create(t, place(t), "pin")
	cmd := sleeper(t, g)
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	allowed := func() string {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		_, list, _ := strings.Cut(string(text), "Cpus_allowed_list:")
		list, _, _ = strings.Cut(list, "\n")
		return strings.TrimSpace(list)
	}
	all := allowed()
	if err := g.Pin([]int{0}); err != nil {
		t.Skipf("the controller is not at hand here: %v", err)
	}
	if got := allowed(); got != "0" {
		t.Errorf("pinned to 0, it may run on %s", got)
	}
	if err := g.Pin([]int{1 << 12}); err == nil {
		t.Error("a processor that is not there was taken")
	}
	if err := g.Pin(nil); err != nil || allowed() != all {
		t.Errorf("given back %s of %s, %v", allowed(), all, err)
	}
}
