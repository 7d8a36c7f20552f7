package main

import (
	"encoding/base64"
	"testing"

	"benchcell/internal/bench"
)

// What a stranger's program used is told to within 4 MiB; what the kernel did to
// it is told with the kernel's own counters.
func TestFiguresOfAStranger(t *testing.T) {
	s := containerServer(t, sleepers)
	t.Run("memory", func(t *testing.T) {
		d := guestDefinition(t, "touch", "64")
		d.Limits.Memory = 256 << 20
		r := s.try(d)
		wantVerdict(t, r, bench.OK)
		files := int64(base64.StdEncoding.DecodedLen(len(d.Files[0].Content))) // they lie in memory too
		if used := *r.ResourceUsage.MaxRSS; used < 64<<20 || used > 64<<20+4<<20+files {
			t.Errorf("maxRSS is %d for 64 MiB and files of %d", used, files)
		}
		if r.Trusted {
			t.Error("a stranger's program is trusted")
		}
		wantReceipt(t, r)
	})
	t.Run("too much memory", func(t *testing.T) {
		for _, args := range [][]string{{"touch", "128"}, {"child", "touch", "128"}} {
			d := guestDefinition(t, args...)
			d.Limits.Memory = 64 << 20
			r := s.try(d)
			wantVerdict(t, r, bench.OOM)
			if kills := r.Evidence.OOMKills; kills == nil || *kills < 1 {
				t.Errorf("%v: evidence %+v", args, r.Evidence)
			}
		}
	})
	t.Run("half a processor", func(t *testing.T) {
		d := guestDefinition(t, "spin", "1", "1000")
		d.Limits.CPUs = 0.5
		r := s.try(d)
		wantVerdict(t, r, bench.OK)
		if e := r.Evidence; e.ThrottledPeriods == nil || *e.ThrottledPeriods < 1 || *e.ThrottledTime <= 0 {
			t.Errorf("evidence %+v", e)
		}
		cpu := r.ResourceUsage.CPUTime
		if used, wall := float64(*cpu.User+*cpu.System)/1000, *r.Time.Median; used < 990 || used > 0.55*wall {
			t.Errorf("used %.0f ms of CPU in %.0f ms", used, wall)
		}
	})
}
