package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

func TestHowManySamples(t *testing.T) {
	for _, c := range []struct {
		name       string
		iterations int
		warmup     *int
		wall       time.Duration
		want       int
		warmups    int
	}{
		{"as many as asked for", 7, nil, time.Minute, 7, 1},
		{"one", 1, new(int), time.Millisecond, 1, 0},
		{"by default at least ten", 0, nil, time.Second, 10, 1},
		{"and three seconds", 0, nil, 100 * time.Millisecond, 30, 1},
		{"and at most a thousand", 0, nil, time.Millisecond, 1000, 1},
		{"just over the edge", 0, nil, 290 * time.Millisecond, 11, 1},
		{"none of the time spent warming up counts", 0, whole(5), time.Second, 10, 5},
	} {
		bubble(t, func(t *testing.T) {
			b := &backend{run: always(c.wall)}
			p := plan(func(p *bench.Plan) { p.Iterations, p.Warmup, p.Timeout = c.iterations, c.warmup, 120_000 })
			m, w := execute(t, b, p)
			warmups := 0
			for i, s := range m.Samples {
				index := i
				if s.Warmup {
					warmups++
				} else {
					index -= warmups // counted apart
				}
				if s.Index != index || s.Wall != c.wall.Seconds()*1e3 || *s.ExitCode != 0 {
					t.Fatalf("%s: sample %d is %+v", c.name, i, s)
				}
			}
			if m.Verdict != bench.OK || len(m.Walls()) != c.want || warmups != c.warmups || len(w.progress) != c.want+c.warmups {
				t.Errorf("%s: %s with %d samples and %d warm-ups, %d steps told", c.name, m.Verdict, len(m.Walls()), warmups, len(w.progress))
			}
			if total := *m.Usage.ExecutionTime; total != float64((time.Duration(c.want+c.warmups) * c.wall).Milliseconds()) {
				t.Errorf("%s: %v ms in all", c.name, total)
			}
		})
	}
}

func whole(n int) *int { return &n }

// noisy is an execution whose length is one of two, tenths of it apart.
func noisy(spread time.Duration) func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error) {
	return func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
		return lasting(ctx, exec, time.Second+time.Duration(call%10)*spread), nil
	}
}

func TestWhenThereAreEnoughSamples(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*bench.Plan)
		spread time.Duration
		want   int
		warned string
	}{
		{"least", func(p *bench.Plan) { p.Min = 25 }, 0, 25, ""},
		{"most", func(p *bench.Plan) { p.Max, p.MinTime = 12, 60_000 }, 0, 12, ""},
		{"a time", func(p *bench.Plan) { p.MinTime = 14_500 }, 0, 15, ""},
		{"no width at all", func(p *bench.Plan) { p.Precision = 0.01 }, 0, 10, ""},
		{"six have an interval", func(p *bench.Plan) { p.Min, p.Precision = 1, 0.01 }, 0, 6, ""},
		{"a width that comes with more", func(p *bench.Plan) { p.Precision = 0.02 }, 10 * time.Millisecond, 15, ""},
		{"both a width and a time", func(p *bench.Plan) { p.Precision, p.MinTime = 0.02, 50_500 }, 10 * time.Millisecond, 49, ""},
		{"a width that does not come", func(p *bench.Plan) { p.Precision, p.Max = 0.0001, 40 }, 10 * time.Millisecond, 40, "After 40 samples the median's 95 % interval is ±1.4 %, and ±0.01 % was asked for."},
		{"a width that the budget ends", func(p *bench.Plan) { p.Precision, p.Budget = 0.0001, 20_500 }, 0, 10, ""},
		{"a budget before the width", func(p *bench.Plan) { p.Precision, p.Budget = 0.0001, 15_550 }, 10 * time.Millisecond, 14, "After 14 samples"},
	} {
		bubble(t, func(t *testing.T) {
			m, _ := execute(t, &backend{run: noisy(c.spread)}, plan(func(p *bench.Plan) { p.Iterations = 0; c.change(p) }))
			warned := ""
			for _, w := range m.Warnings {
				warned += w.Message
			}
			if n := len(m.Walls()); m.Verdict != bench.OK || n != c.want || !strings.HasPrefix(warned, c.warned) || (c.warned == "") != (warned == "") {
				t.Errorf("%s: %s with %d samples, want %d; warned %q", c.name, m.Verdict, n, c.want, warned)
			}
		})
	}
}

func TestAProgramThatTimesItselfIsAskedAgain(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*bench.Plan)
		rounds int
		warned bool
	}{
		{"once by default", func(*bench.Plan) {}, 1, false},
		{"for a time", func(p *bench.Plan) { p.MinTime = 2500 }, 3, false},
		{"until it is precise", func(p *bench.Plan) { p.Precision = 0.01 }, 1, false},
		{"not past the most", func(p *bench.Plan) { p.MinTime, p.Max = 60_000, 29 }, 2, false},
		{"all in one", func(p *bench.Plan) { p.Min, p.Max = 10, 10 }, 1, false},
	} {
		bubble(t, func(t *testing.T) {
			b := &backend{run: reporting(`{"samples":[1,1,1,1,1,1,1,1,1,1]}`)}
			m, _ := execute(t, b, plan(func(p *bench.Plan) { p.Kind, p.Iterations = bench.KindProtocol, 0; c.change(p) }))
			if m.Verdict != bench.OK || len(b.execs) != c.rounds || len(m.Walls()) != 10*c.rounds || (len(m.Warnings) > 0) != c.warned {
				t.Errorf("%s: %s (%s) with %d samples of %d executions, %v", c.name, m.Verdict, m.Error, len(m.Walls()), len(b.execs), m.Warnings)
			}
		})
	}
}

// Of a command each sample has the whole timeout, and those before one that
// takes longer stay.
func TestTheTimeoutIsOfEachSample(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
			return lasting(ctx, exec, time.Duration(800+100*call)*time.Millisecond), nil
		}}
		m, _ := execute(t, b, plan(func(p *bench.Plan) { p.Iterations, p.Timeout = 10, 1000 }))
		if m.Verdict != bench.Timeout || len(m.Samples) != 4 || !slices.Equal(m.Walls(), []float64{900, 1000}) {
			t.Errorf("%s with %v", m.Verdict, m.Walls())
		}
	})
}

func TestProgressAndOutputAreTold(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
			exec.Output(true, []byte{'a' + byte(call)})
			return lasting(ctx, exec, time.Duration(call+1)*time.Second), nil
		}}
		_, w := execute(t, b, plan(func(p *bench.Plan) { p.Iterations = 2 }))
		if want := []string{"true 1/1 1000", "false 1/2 2000", "false 2/2 3000"}; !slices.Equal(w.progress, want) || w.output != "abc" {
			t.Errorf("told %v, %q", w.progress, w.output)
		}
	})
	bubble(t, func(t *testing.T) {
		_, w := execute(t, &backend{run: always(time.Second)}, plan(func(p *bench.Plan) { p.Iterations = 0 }))
		if w.progress[1] != "false 1/? 1000" {
			t.Errorf("told %v", w.progress)
		}
	})
}

// figures makes an outcome with memory in MiB and CPU time in ms.
func figures(ctx context.Context, exec sandbox.Exec, rss, user, system int64) *sandbox.Outcome {
	o := lasting(ctx, exec, time.Second)
	bytes, source, peak := rss<<20, "wait4", rss<<21
	o.MaxRSS, o.TreePeak, o.Sources = &bytes, &peak, bench.UsageSources{MaxRSS: &source}
	o.CPU = &sandbox.CPU{User: time.Duration(user) * time.Millisecond, System: time.Duration(system) * time.Millisecond}
	o.Evidence = bench.Evidence{Leftovers: &rss, StdoutDropped: 1}
	return o
}

func TestUsageIsOfTheSamplesAndNotOfTheWarmUps(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
			row := [][3]int64{{900, 5000, 5000}, {3, 200, 10}, {7, 300, 20}, {5, 400, 30}}[call]
			return figures(ctx, exec, row[0], row[1], row[2]), nil
		}}
		m, _ := execute(t, b, plan(nil))
		u := m.Usage
		if *u.MaxRSS != 7<<20 || *u.CPUTime.User != 900_000 || *u.CPUTime.System != 60_000 || !u.CPUTime.Coarse || *u.Sources.MaxRSS != "wait4" {
			t.Errorf("usage %+v", u)
		}
		if *u.TreePeak != 900<<21 {
			t.Errorf("tree peak %d", *u.TreePeak)
		}
		if *m.Samples[2].CPU != 320_000 || *m.Samples[2].MaxRSS != 7<<20 || *m.Samples[0].MaxRSS != 900<<20 {
			t.Errorf("samples %+v", m.Samples)
		}
		if *m.Evidence.Leftovers != 915 || m.Evidence.StdoutDropped != 4 || m.Evidence.OOMKills != nil {
			t.Errorf("evidence %+v", m.Evidence)
		}
	})
}

func TestWhatWasNotMeasuredStaysAbsent(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m, _ := execute(t, &backend{run: always(time.Second)}, plan(nil))
		u := m.Usage
		if u.MaxRSS != nil || u.CPUTime.User != nil || u.TreePeak != nil || m.Samples[1].CPU != nil || m.Samples[1].MaxRSS != nil {
			t.Errorf("usage %+v, sample %+v", u, m.Samples[1])
		}
	})
}

func TestTheFirstSampleThatIsNotOkEndsTheRun(t *testing.T) {
	for _, c := range []struct {
		name    string
		failing int // which execution
		verdict bench.Verdict
		samples int // stored, warm-ups among them
	}{
		{"a sample", 2, bench.NonzeroExit, 3},
		{"the last one", 3, bench.OOM, 4},
		{"a warm-up", 0, bench.Signaled, 1},
		{"what did not start has no time", 2, bench.StartFailed, 2},
	} {
		bubble(t, func(t *testing.T) {
			b := &backend{run: func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
				o := lasting(ctx, exec, time.Second)
				o.Output.Stdout, o.StdoutProduced = []byte(fmt.Sprint("output ", call)), 8
				if call == c.failing {
					code := 3
					o.Verdict, o.Death, o.Reason = c.verdict, bench.Death{How: "exited", Code: &code}, "why"
				}
				return o, nil
			}}
			m, _ := execute(t, b, plan(nil))
			if m.Verdict != c.verdict || len(m.Samples) != c.samples || len(b.execs) != c.failing+1 || *m.Death.Code != 3 || m.Error != "why" {
				t.Errorf("%s: %s (%s) after %d executions with %d samples", c.name, m.Verdict, m.Error, len(b.execs), len(m.Samples))
			}
			if want := fmt.Sprint("output ", c.failing); string(m.Output.Stdout) != want || m.Produced[0] != 8 {
				t.Errorf("%s: %q is kept, want %q", c.name, m.Output.Stdout, want)
			}
		})
	}
}

func TestTheTimelineIsOfTheFirstStartAndTheLastEnd(t *testing.T) {
	bubble(t, func(t *testing.T) {
		began := time.Now()
		b := &backend{run: func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
			o := lasting(ctx, exec, time.Second)
			if call == 3 {
				o.Moments = slices.Insert(o.Moments, 1, sandbox.Moment{Event: bench.EventSigterm, At: time.Now()})
			}
			return o, nil
		}}
		m, _ := execute(t, b, plan(nil))
		var got []string
		for _, i := range m.Timeline {
			got = append(got, fmt.Sprint(i.Event, " ", i.At.Sub(began)))
		}
		if want := []string{"started 0s", "sigterm 4s", "exited 4s", "empty 4s"}; !slices.Equal(got, want) {
			t.Errorf("timeline %v", got)
		}
	})
}

// cold is a backend whose boundaries are made when they are asked for.
type cold struct{ *backend }

func (c cold) Open(ctx context.Context, spec sandbox.Spec) (sandbox.Session, error) {
	s, err := c.backend.Open(ctx, spec)
	return coldSession{s}, err
}

type coldSession struct{ sandbox.Session }

func (coldSession) Account(context.Context) sandbox.Account { return sandbox.Account{Cold: true} }

func TestTheTimelineBeginsWithWhatCameBeforeTheStart(t *testing.T) {
	for name, c := range map[string]struct{ moments, want []string }{
		"started":     {[]string{"started", "exited", "empty"}, []string{"cold", "started", "exited", "empty"}},
		"not started": {[]string{"exited", "empty"}, []string{"cold", "exited", "empty"}},
		"nothing":     {nil, []string{"cold"}},
	} {
		b := &backend{run: func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error) {
			o := &sandbox.Outcome{Verdict: bench.OK}
			for _, e := range c.moments {
				o.Moments = append(o.Moments, sandbox.Moment{Event: e})
			}
			return o, nil
		}}
		now := time.Now()
		run := bench.NewRun("run", plan(nil), nil, now).Take(now).Run
		worker := &Worker{Backends: map[bench.Isolation]sandbox.Backend{bench.Process: cold{b}}, Observer: &witness{}}
		var got []string
		for _, i := range worker.Execute(t.Context(), run, plan(nil)).Timeline {
			got = append(got, i.Event)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestTestsRunOnceWithoutWarmUp(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: always(time.Second)}
		m, _ := execute(t, b, plan(func(p *bench.Plan) { p.Kind, p.Warmup = bench.KindTests, whole(5) }))
		if len(b.execs) != 1 || len(m.Samples) != 1 || m.Samples[0].Wall != 1000 || b.specs[0].Measured {
			t.Errorf("%d executions, samples %+v", len(b.execs), m.Samples)
		}
	})
}

func TestWarningsAreToldOnce(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
			o := figures(ctx, exec, 1, 1, 1)
			o.Notes = []bench.Warning{{Code: "noisy", Message: "x"}}
			return o, nil
		}, closing: errors.New("device busy")}
		m, _ := execute(t, b, plan(nil))
		var codes []string
		for _, w := range m.Warnings {
			codes = append(codes, w.Code)
		}
		if !slices.Equal(codes, []string{"noisy", "output_truncated", "not_cleared"}) || m.Verdict != bench.OK {
			t.Errorf("%s, warned of %v", m.Verdict, m.Warnings)
		}
	})
}
