package worker

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// repeated executes a plan of eight samples of 300 ms and no warm-up, with so much
// time for re-takes, on a machine that is noisy at some readings.
func repeated(t *testing.T, retake time.Duration, noisy func(reading int) bool, change func(*bench.Plan)) (m *bench.Measurement, w *witness) {
	t.Helper()
	none, w := 0, &witness{}
	p := plan(func(p *bench.Plan) { p.Iterations, p.Warmup = 8, &none })
	if change != nil {
		change(p)
	}
	synctest.Test(t, func(t *testing.T) {
		m = repeat(t, w, &backend{run: always(300 * time.Millisecond)}, retake, noisy, p)
	})
	return m, w
}

func repeat(t *testing.T, w *witness, b *backend, retake time.Duration, noisy func(reading int) bool, p *bench.Plan) *bench.Measurement {
	worker := &Worker{
		Backends: map[bench.Isolation]sandbox.Backend{bench.Process: b}, Observer: w, Retake: retake,
		Watch: func([]int) (Watch, int, error) { return &machine{noisy: noisy}, 1, nil },
	}
	now := time.Now().UTC()
	return worker.Execute(t.Context(), bench.NewRun("run", p, nil, now).Take(now).Run, p)
}

// aside shows the samples: those in the figures, and those set aside.
func aside(m *bench.Measurement) string {
	text := ""
	for _, s := range m.Samples {
		mark := "."
		if s.Disturbed != nil {
			mark = "x"
		}
		if s.SetAside {
			mark = "(" + mark + ")"
		}
		text += mark
	}
	return text
}

func TestDisturbedSamplesAreTakenAgain(t *testing.T) {
	upTo := func(n int) func(int) bool { return func(reading int) bool { return reading >= 1 && reading <= n } }
	for name, c := range map[string]struct {
		retake time.Duration
		noisy  func(int) bool
		want   string
		code   string
	}{
		"few":             {time.Minute, upTo(2), "xx......", ""},
		"many":            {time.Minute, upTo(4), "(x)(x)(x)(x)........", "retaken"},
		"no time":         {0, upTo(4), "xxxx....", "disturbed"},
		"little time":     {500 * time.Millisecond, upTo(4), "(x)(x)xx......", "retaken"},
		"never quiet":     {time.Minute, func(int) bool { return true }, "xxxxxxxx(x)(x)(x)(x)(x)(x)(x)(x)", "disturbed"},
		"quiet too late":  {time.Minute, func(r int) bool { return r <= 11 }, "(x)(x)(x)(x)(x)xxx(x)(x)(x).....", "disturbed"},
		"quiet meanwhile": {time.Minute, func(r int) bool { return r <= 4 || r == 10 }, "(x)(x)(x)x.....(x)..", "retaken"},
	} {
		m, _ := repeated(t, c.retake, c.noisy, nil)
		if got := aside(m); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
		if n := len(m.Timed()); n != 8 || len(m.Walls()) != 8 {
			t.Errorf("%s: %d samples in the figures", name, n)
		}
		var codes []string
		for _, w := range m.Warnings {
			codes = append(codes, w.Code)
		}
		if c.code == "" && len(codes) > 0 || c.code != "" && !slices.Equal(codes, []string{c.code}) {
			t.Errorf("%s: %+v", name, m.Warnings)
		}
		for i, s := range m.Samples {
			if s.Index != i || s.Quality == nil || s.Quality.Window < 290 || (*s.Quality.Others > 0.1) != (s.Disturbed != nil) {
				t.Errorf("%s: sample %d: %+v, %+v", name, i, s, s.Quality)
			}
		}
	}
}

// What others could cause by their code is not left out of their figures.
func TestStrangersSamplesAllCount(t *testing.T) {
	m, _ := repeated(t, time.Minute, func(r int) bool { return r < 5 }, func(p *bench.Plan) { p.Trusted = false })
	if got := aside(m); got != "xxxx...." {
		t.Errorf("got %s", got)
	}
}

func TestADisturbedRunSaysByWhat(t *testing.T) {
	m, _ := repeated(t, time.Minute, func(int) bool { return true }, nil)
	const want = "Beside 8 of the 8 samples in the figures the machine was disturbed, last by other programs; " +
		"within [measuring] retake it was no better, and 8 more samples are set aside. "
	if len(m.Warnings) != 1 || !strings.HasPrefix(m.Warnings[0].Message, want) {
		t.Errorf("%+v", m.Warnings)
	}
}

func TestFewSamplesAreTakenAsOftenAsAsked(t *testing.T) {
	m, _ := repeated(t, time.Minute, func(int) bool { return true }, func(p *bench.Plan) { p.Iterations = 5 })
	if got := aside(m); got != "xxxxx" {
		t.Errorf("got %s", got)
	}
}

func TestAReTakeThatFailsEndsTheRun(t *testing.T) {
	none := 0
	p := plan(func(p *bench.Plan) { p.Iterations, p.Warmup = 6, &none })
	var m *bench.Measurement
	synctest.Test(t, func(t *testing.T) {
		b := &backend{run: func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
			o := lasting(ctx, exec, 300*time.Millisecond)
			if call == 6 {
				o.Verdict = bench.NonzeroExit
			}
			return o, nil
		}}
		m = repeat(t, &witness{}, b, time.Minute, func(reading int) bool { return reading <= 6 }, p)
	})
	if m.Verdict != bench.NonzeroExit || !m.LastFailed || aside(m) != "xxxxxx." || len(m.Timed()) != 6 {
		t.Errorf("%s, %s, %+v", m.Verdict, aside(m), m.Timed())
	}
}

// What its own limit holds back is no sample of the program alone.
func TestAThrottledProgramIsToldOf(t *testing.T) {
	for waited, want := range map[float64]bool{0: false, 10: false, 500: true} {
		bubble(t, func(t *testing.T) {
			b := &backend{run: func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
				o, err := lasting(ctx, exec, time.Second), error(nil)
				o.Evidence.ThrottledTime = &waited
				return o, err
			}}
			m, _ := execute(t, b, plan(nil))
			if got := slices.ContainsFunc(m.Warnings, func(w bench.Warning) bool { return w.Code == "throttled" }); got != want {
				t.Errorf("%v ms of each second: %v", waited, m.Warnings)
			}
		})
	}
}
