package worker

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

func TestQuality(t *testing.T) {
	const ms = time.Millisecond
	for name, c := range map[string]struct {
		seen evidence
		why  []string
	}{
		"quiet":                      {evidence{room: time.Second}, nil},
		"a machine at rest":          {evidence{room: time.Second, others: 99 * ms, steal: 19 * ms}, nil},
		"too short to tell":          {evidence{room: 40 * ms, others: 29 * ms, steal: 29 * ms}, nil},
		"ours was more than counted": {evidence{room: time.Second, others: -50 * ms}, nil},
		"others":                     {evidence{room: time.Second, others: 100 * ms}, []string{"others"}},
		"others of short ones":       {evidence{room: 200 * ms, others: 30 * ms}, []string{"others"}},
		"steal":                      {evidence{room: time.Second, steal: 30 * ms}, []string{"steal"}},
		"one page":                   {evidence{room: time.Second, swapIns: 1}, []string{"swapping"}},
		"a slower clock":             {evidence{room: time.Second, frequency: new(-0.1)}, []string{"frequency"}},
		"a faster clock":             {evidence{room: time.Second, frequency: new(0.5)}, nil},
		"too hot":                    {evidence{room: time.Second, thermal: true}, []string{"thermal"}},
		"all":                        {evidence{room: time.Second, others: 500 * ms, steal: 500 * ms, swapIns: 9, frequency: new(-0.5), thermal: true}, []string{"others", "steal", "swapping", "frequency", "thermal"}},
	} {
		if clean, why := quality(c.seen); clean != (len(c.why) == 0) || !slices.Equal(why, c.why) {
			t.Errorf("%s: %v %v", name, clean, why)
		}
	}
}

// machine is a fake one: the real can't be made to be quiet.
type machine struct {
	noisy  func(reading int) bool
	now    bench.Activity
	reads  int
	closed bool
}

func (m *machine) Read() bench.Activity {
	if m.noisy(m.reads) {
		m.now.Busy += time.Hour
	}
	m.reads++
	return m.now
}
func (m *machine) Close() error { m.closed = true; return nil }

func watched(t *testing.T, p *bench.Plan, wall time.Duration, host *machine) (m *bench.Measurement) {
	b := &backend{isolation: bench.Process, run: always(wall)}
	synctest.Test(t, func(t *testing.T) {
		w := &Worker{
			Backends: map[bench.Isolation]sandbox.Backend{bench.Process: b}, Observer: &witness{},
			Pick:      func(float64) ([]int, string) { return []int{1}, "" },
			Calibrate: func() float64 { return 1.25 },
			Watch: func(cpus []int) (Watch, int, error) {
				if !slices.Equal(cpus, []int{1}) || !slices.Equal(b.specs[0].CPUs, cpus) {
					t.Errorf("watched %v, and the program runs on %v", cpus, b.specs[0].CPUs)
				}
				return host, 1, nil
			},
		}
		now := time.Now().UTC()
		m = w.Execute(t.Context(), bench.NewRun("run", p, nil, now).Take(now).Run, p)
	})
	if !host.closed || !m.Watched || m.Calibration == nil || *m.Calibration != 1.25 {
		t.Errorf("closed %v, watched %v, calibration %v", host.closed, m.Watched, m.Calibration)
	}
	return m
}

func marks(m *bench.Measurement) string {
	var text strings.Builder
	for _, s := range m.Samples {
		if s.Disturbed != nil {
			text.WriteString("x")
		} else {
			text.WriteString(".")
		}
	}
	return text.String()
}

func TestSamplesSayThatTheyWereDisturbed(t *testing.T) {
	two := 2
	for name, c := range map[string]struct {
		wall  time.Duration
		noisy int // reading that sees something
		marks string
		warns bool
	}{
		"long samples":     {300 * time.Millisecond, 2, "...x......", false},
		"the last one":     {300 * time.Millisecond, 8, ".........x", false},
		"none":             {300 * time.Millisecond, 99, "..........", false},
		"windows of short": {100 * time.Millisecond, 2, "....xx....", false},
		"before the first": {300 * time.Millisecond, 0, "..........", false},
		"many in a window": {70 * time.Millisecond, 1, "..xxx.....", true},
		"an open window":   {70 * time.Millisecond, 3, "........xx", false},
	} {
		p := plan(func(p *bench.Plan) { p.Iterations, p.Warmup = 8, &two })
		m := watched(t, p, c.wall, &machine{noisy: func(reading int) bool { return reading == c.noisy }})
		if got := marks(m); got != c.marks {
			t.Errorf("%s: %s, want %s", name, got, c.marks)
		}
		warned := slices.ContainsFunc(m.Warnings, func(w bench.Warning) bool { return w.Code == "disturbed" })
		if warned != c.warns {
			t.Errorf("%s: %+v", name, m.Warnings)
		}
	}
}

func TestWhatIsOursIsNoDisturbance(t *testing.T) {
	const each = 300 * time.Millisecond
	for inside, want := range map[bool]time.Duration{false: 2 * time.Second, true: 2*time.Second + 2*each} {
		host := &machine{noisy: func(int) bool { return false }}
		q := quiet{watch: host, share: 1, inside: inside}
		q.begin(0)
		for range 2 { // a sample and a command beside it
			q.spent(&sandbox.Outcome{CPU: &sandbox.CPU{User: each}})
		}
		q.spent(nil)
		if seen := q.evidence(bench.Activity{Busy: 2*time.Second + 2*each}); seen.others != want {
			t.Errorf("inside %v: others used %v", inside, seen.others)
		}
	}
}

func TestTestsAreNotWatched(t *testing.T) {
	p := plan(func(p *bench.Plan) { p.Kind, p.Iterations = bench.KindTests, 0 })
	synctest.Test(t, func(t *testing.T) {
		w := &Worker{
			Backends: map[bench.Isolation]sandbox.Backend{bench.Process: &backend{run: always(time.Second)}}, Observer: &witness{},
			Calibrate: func() float64 { t.Error("the machine was calibrated"); return 0 },
			Pick:      func(float64) ([]int, string) { t.Error("processors were picked"); return nil, "" },
			Watch:     func([]int) (Watch, int, error) { t.Error("it is watched"); return nil, 0, nil },
		}
		now := time.Now().UTC()
		if m := w.Execute(t.Context(), bench.NewRun("run", p, nil, now).Take(now).Run, p); m.Watched {
			t.Error("it says that it was")
		}
	})
}

func TestRose(t *testing.T) {
	one, two := int64(1), int64(2)
	if !rose(&one, &two) || rose(&two, &two) || rose(nil, &two) || rose(&one, nil) {
		t.Error("a counter rises when both readings have it and the second is more")
	}
}
