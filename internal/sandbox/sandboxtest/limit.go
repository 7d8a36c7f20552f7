package sandboxtest

import (
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// limits: each is enforced, told as the verdict that it is, and in the receipt.
func limits(t *testing.T, s Subject) {
	t.Run("cpu time", func(t *testing.T) { cpuTime(t, s) })
	t.Run("file size", func(t *testing.T) {
		session := s.session(t, func(spec *sandbox.Spec) { spec.Limits.Disk = 8 << 20 })
		expect(t, runIn(t, session, s.exec("fill", "4")), bench.OK)
		expect(t, runIn(t, session, s.exec("fill", "9")), bench.DiskLimit)
	})
	t.Run("rlimits", func(t *testing.T) {
		for _, line := range strings.Split(strings.TrimSpace(stdout(s.run(t, "limits"))), "\n") {
			f := strings.Fields(line)
			if len(f) != 4 || f[1] != f[2] {
				t.Errorf("the program could raise %q", line)
			}
		}
	})
	t.Run("receipt", func(t *testing.T) { receipt(t, s) })
	if !s.Groups {
		return
	}
	t.Run("memory", func(t *testing.T) { memory(t, s) })
	t.Run("processes", func(t *testing.T) { processes(t, s) })
	t.Run("processors", func(t *testing.T) {
		session := s.session(t, func(spec *sandbox.Spec) { spec.Limits.CPUs = 0.5 })
		o := runIn(t, session, s.exec("spin", "2", "400"))
		expect(t, o, bench.OK)
		share := float64(o.CPU.Total()) / float64(o.Wall)
		// On a busy machine it may get less than its limit, and then nothing throttles it.
		if value(o.Evidence.ThrottledPeriods) < 1 && share > 0.4 {
			t.Errorf("no period was throttled, with %.2f of a processor used", share)
		}
		if share > 0.6 {
			t.Errorf("used %.2f of a processor", share)
		}
	})
}

func cpuTime(t *testing.T, s Subject) {
	session := s.session(t, func(spec *sandbox.Spec) { spec.Limits.CPUTime = 300 })
	o := runIn(t, session, s.exec("spin", "1", "60000"))
	expect(t, o, bench.CPULimit)
	if used := o.CPU.Total(); used < 290*time.Millisecond {
		t.Errorf("ended after %v of CPU time", used)
	}
	expect(t, runIn(t, session, s.exec("child", "spin", "1", "60000")), bench.CPULimit)
	// Sleeping costs no CPU time, and just under the limit is under it.
	expect(t, runIn(t, session, s.exec("sleep", "500")), bench.OK)
	expect(t, runIn(t, session, s.exec("spin", "1", "200")), bench.OK)
}

func memory(t *testing.T, s Subject) {
	session := s.session(t, func(spec *sandbox.Spec) { spec.Limits.Memory = 64 << 20 })
	o := runIn(t, session, s.exec("touch", "128"))
	expect(t, o, bench.OOM)
	if value(o.Evidence.OOMKills) < 1 || o.Death.SentBy == nil || *o.Death.SentBy != "kernel" {
		t.Errorf("%d OOM kills, death %s", value(o.Evidence.OOMKills), describe(o.Death))
	}
	// A child that is killed while its parent does well is the same verdict.
	o = runIn(t, session, s.exec("child", "touch", "128"))
	expect(t, o, bench.OOM)
	if code(o) != 0 {
		t.Errorf("the parent ended with %d", code(o))
	}
	expect(t, runIn(t, session, s.exec("touch", "16")), bench.OK)
}

func processes(t *testing.T, s Subject) {
	session := s.session(t, func(spec *sandbox.Spec) { spec.Limits.Pids = 40 })
	exec := s.exec("bomb")
	exec.Timeout, exec.Grace = 3*time.Second, 200*time.Millisecond
	o := runIn(t, session, exec)
	expect(t, o, bench.PidsLimit)
	if value(o.Evidence.PidsRefused) < 1 || !has(o, bench.EventEmpty) {
		t.Errorf("%d forks refused, moments %v", value(o.Evidence.PidsRefused), o.Moments)
	}
	expect(t, runIn(t, session, s.exec("ok")), bench.OK)
}

// receipt: every limit has a line; what is enforced says how and how much.
func receipt(t *testing.T, s Subject) {
	session := s.session(t, func(spec *sandbox.Spec) { spec.Limits.CPUTime = 5000 })
	runIn(t, session, s.exec("ok"))
	lines := map[string]bench.Receipt{}
	for _, r := range session.Account(t.Context()).Receipt {
		lines[r.Limit] = r
	}
	want := []string{bench.LimitCPUTime, bench.LimitOutput, bench.LimitDisk, bench.LimitOpenFiles, bench.LimitCore}
	if s.Groups {
		want = append(want, bench.LimitMemory, bench.LimitCPUs, bench.LimitPids)
	}
	for _, limit := range want {
		r, ok := lines[limit]
		if !ok || r.Mechanism == nil || r.Effective == nil {
			t.Errorf("receipt of %s: %+v", limit, r)
		}
	}
}
