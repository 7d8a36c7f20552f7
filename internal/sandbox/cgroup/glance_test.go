//go:build linux

package cgroup

import (
	"testing"
)

func TestAGlanceAtAGroupThatIsThereAndGone(t *testing.T) {
	g := create(t, place(t), "glance")
	if now := g.Glance(); now.Memory == nil || now.CPU == nil {
		t.Errorf("got %+v", now)
	}
	g.files.close()
	if now := g.Glance(); now.Memory != nil || now.CPU != nil {
		t.Errorf("of closed files: %+v", now)
	}
}

func BenchmarkGlance(b *testing.B) {
	g := create(b, place(b), "glance")
	for b.Loop() {
		g.Glance()
	}
}
