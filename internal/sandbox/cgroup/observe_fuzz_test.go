//go:build linux

package cgroup

import (
	"strings"
	"testing"
)

// A group is only ever a path that the kernel's file names.
func FuzzGroupOf(f *testing.F) {
	f.Add("12:memory:/docker/x\n0::/docker/x\n", true)
	f.Fuzz(func(t *testing.T, text string, v2 bool) {
		mode := V1
		if v2 {
			mode = V2
		}
		if got := groupOf(text, mode); !strings.Contains(text, got) {
			t.Errorf("%q is of group %q", text, got)
		}
	})
}
