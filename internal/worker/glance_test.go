package worker

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// busy is a backend whose sessions keep half a processor busy.
type busy struct{ *backend }

type busySession struct {
	sandbox.Session
	begun time.Time
}

func (b busy) Open(ctx context.Context, spec sandbox.Spec) (sandbox.Session, error) {
	s, err := b.backend.Open(ctx, spec)
	return &busySession{s, time.Now()}, err
}

func (s *busySession) Glance() (cpu *time.Duration, memory *int64) {
	used, held := time.Since(s.begun)/2, int64(4096)
	return &used, &held
}

func TestARunIsLookedAtWhileItGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &backend{isolation: bench.Process, run: always(time.Second)}
		w := &witness{}
		worker := &Worker{Backends: map[bench.Isolation]sandbox.Backend{bench.Process: busy{b}}, Observer: w}
		p := plan(nil)
		started := time.Now()
		run := bench.NewRun("r", p, nil, started)
		run.StartedAt = &started
		if m := worker.Execute(t.Context(), &run, p); m.Verdict != bench.OK {
			t.Fatalf("%s: %s", m.Verdict, m.Error)
		}
		if n := len(w.usage); n < 12 { // four a second, for three samples and a warm-up
			t.Fatalf("%d looks", n)
		}
		if first := w.usage[0]; first.CPU != nil || first.Memory == nil {
			t.Errorf("the first look knows a share: %+v", first)
		}
		for i, u := range w.usage[1:] {
			if u.CPU == nil || *u.CPU < 0.49 || *u.CPU > 0.51 || *u.Memory != 4096 || u.At <= w.usage[i].At {
				t.Errorf("look %d: %+v", i+1, u)
			}
		}
	})
}

func TestWhatCanNotBeReadIsSaidOnce(t *testing.T) {
	_, w := execute(t, &backend{run: always(time.Second)}, plan(nil))
	if len(w.usage) != 1 || w.usage[0].CPU != nil || w.usage[0].Memory != nil {
		t.Errorf("got %+v", w.usage)
	}
}
