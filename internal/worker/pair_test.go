package worker

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// sides are plans of the programs a and b, in a pair of so many blocks.
func sides(t *testing.T, blocks int, change func(*bench.Plan)) [2]*bench.Plan {
	t.Helper()
	a, b := plan(change), plan(change)
	a.Command, b.Command = []string{"a"}, []string{"b"}
	plans, err := bench.Pair([2]bench.Plan{*a, *b}, blocks)
	if err != nil {
		t.Fatal(err)
	}
	return [2]*bench.Plan{&plans[0], &plans[1]}
}

// together executes a pair and checks what always holds.
func together(t *testing.T, ctx context.Context, b *backend, plans [2]*bench.Plan) ([2]*bench.Measurement, *witness) {
	t.Helper()
	b.isolation = bench.Process
	w := &witness{}
	worker := &Worker{Backends: map[bench.Isolation]sandbox.Backend{bench.Process: b}, Observer: w}
	var runs [2]*bench.Run
	for i, id := range []string{"run-a", "run-b"} {
		runs[i] = bench.NewRun(id, plans[i], nil, time.Now().UTC()).Take(time.Now().UTC()).Run
	}
	ms := worker.ExecutePair(ctx, runs, plans)
	if b.broken == nil && (b.closed != 2 || len(b.specs) != 2) || w.done != 2 {
		t.Errorf("%d sessions were opened and %d closed; done was told %d times", len(b.specs), b.closed, w.done)
	}
	for _, m := range ms {
		if m.Verdict == "" || m.Usage.ExecutionTime == nil {
			t.Errorf("incomplete: %+v", m)
		}
	}
	return ms, w
}

// executed is what ran, in order: the first word of each command.
func (b *backend) executed() (order string) {
	for _, e := range b.execs {
		order += e.Argv[0]
	}
	return order
}

// unwell is a program that one side's nth execution does not do well.
func unwell(side string, nth int, how func(context.Context, sandbox.Exec) (*sandbox.Outcome, error)) func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error) {
	seen := 0
	return func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
		if exec.Argv[0] == side {
			if seen++; seen == nth {
				return how(ctx, exec)
			}
		}
		return lasting(ctx, exec, time.Second), nil
	}
}

func TestAPairTakesTurns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: always(time.Second)}
		ms, w := together(t, t.Context(), b, sides(t, 40, nil))
		order, seen := b.executed(), map[string]int{}
		if warm := order[:2]; warm != "ab" {
			t.Errorf("both are to be warmed up first: %s", order)
		}
		for i := 2; i < len(order); i += 4 {
			seen[order[i:i+4]]++
		}
		if len(seen) != 2 || seen["abba"]+seen["baab"] != 40 || seen["abba"] == 0 || seen["baab"] == 0 {
			t.Errorf("the blocks are %v", seen)
		}
		for _, m := range ms {
			if m.Verdict != bench.OK || len(m.Walls()) != 80 || m.Samples[80].Index != 79 {
				t.Errorf("%s (%s) with %d samples", m.Verdict, m.Error, len(m.Walls()))
			}
		}
		if last := w.progress[len(w.progress)-1]; last != "false 80/80 1000" {
			t.Errorf("it told of %s", last)
		}
	})
}

// Blocks that nobody stated are as many as the noise asks for, and no more than a
// minute's.
func TestBlocksFollowTheNoise(t *testing.T) {
	for name, c := range map[string]struct {
		noise       float64
		each        time.Duration
		least, most int // samples of a side
	}{
		"none":         {0, 10 * time.Millisecond, 40, 40},
		"5 %":          {0.05, 10 * time.Millisecond, 50, 110},
		"30 %":         {0.3, 10 * time.Millisecond, 300, 300},
		"30 %, slowly": {0.3, 500 * time.Millisecond, 60, 80},
		"30 %, slower": {0.3, 2 * time.Second, 40, 40},
	} {
		bubble(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			b := &backend{run: func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
				return lasting(ctx, exec, time.Duration(float64(c.each)*math.Exp(c.noise*r.NormFloat64()))), nil
			}}
			ms, w := together(t, t.Context(), b, sides(t, 0, nil))
			n := len(ms[0].Walls())
			if n < c.least || n > c.most || len(ms[1].Walls()) != n || ms[0].Verdict != bench.OK || ms[1].Verdict != bench.OK || len(ms[0].Warnings) > 0 {
				t.Errorf("%s: %d and %d samples, %s, %v", name, n, len(ms[1].Walls()), ms[0].Verdict, ms[0].Warnings)
			}
			if last := fmt.Sprintf("false %d/%d ", n, n); !strings.HasPrefix(w.progress[len(w.progress)-1], last) {
				t.Errorf("%s: it told of %s", name, w.progress[len(w.progress)-1])
			}
		})
	}
}

func TestAPairIsSurroundedByItsCommands(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: always(time.Second)}
		together(t, t.Context(), b, sides(t, 3, func(p *bench.Plan) {
			p.Warmup = new(int)
			p.Hooks = bench.Hooks{Setup: []string{"S"}, Prepare: []string{"p"}, Conclude: []string{"c"}, Cleanup: []string{"U"}}
		}))
		order := strings.NewReplacer("pac", "x", "pbc", "x").Replace(b.executed())
		if order != "SS"+strings.Repeat("x", 12)+"UU" {
			t.Errorf("the order is %s", order)
		}
	})
}

// A program that times itself takes turns as a whole.
func TestAPairOfProgramsThatTimeThemselves(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: reporting(`{"samples":[1,9,2]}`)}
		ms, w := together(t, t.Context(), b, sides(t, 3, func(p *bench.Plan) { p.Kind = bench.KindProtocol }))
		for _, m := range ms {
			if m.Verdict != bench.OK || len(m.Samples) != 6 || m.Samples[5].Wall != 2 || m.Samples[5].Index != 5 || m.TimeSource != bench.TimeByProgram {
				t.Errorf("%s (%s): %+v", m.Verdict, m.Error, m.Samples)
			}
		}
		if len(b.execs) != 12 || w.progress[11] != "false 6/6 2" {
			t.Errorf("%d executions, told of %v", len(b.execs), w.progress)
		}
	})
}

func TestOneSideEndsBoth(t *testing.T) {
	exit := func(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
		o := lasting(ctx, exec, time.Second)
		o.Verdict, o.Death.Code = bench.NonzeroExit, ptr(3)
		return o, nil
	}
	slow := func(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
		return lasting(ctx, exec, time.Hour), nil
	}
	broken := func(context.Context, sandbox.Exec) (*sandbox.Outcome, error) {
		return nil, errors.New("the stream ended")
	}
	for _, c := range []struct {
		name, side string
		nth        int
		how        func(context.Context, sandbox.Exec) (*sandbox.Outcome, error)
		want       [2]bench.Verdict
		said       string // of the side that was well
	}{
		{"in the warm-up", "a", 1, exit, [2]bench.Verdict{bench.NonzeroExit, bench.Cancelled}, "run run-a, ended first: nonzero exit."},
		{"in a sample", "b", 4, exit, [2]bench.Verdict{bench.Cancelled, bench.NonzeroExit}, "run run-b, ended first: nonzero exit."},
		{"by its timeout", "a", 3, slow, [2]bench.Verdict{bench.Timeout, bench.Cancelled}, "run run-a, ended first: timeout."},
		{"by our fault", "b", 2, broken, [2]bench.Verdict{bench.Cancelled, bench.InternalError}, "run run-b, ended first: internal error."},
	} {
		bubble(t, func(t *testing.T) {
			b := &backend{run: unwell(c.side, c.nth, c.how)}
			ms, _ := together(t, t.Context(), b, sides(t, 15, nil))
			well := ms[0]
			if c.side == "a" {
				well = ms[1]
			}
			if got := [2]bench.Verdict{ms[0].Verdict, ms[1].Verdict}; got != c.want || !strings.Contains(well.Error, c.said) {
				t.Errorf("%s: %v, %q", c.name, got, well.Error)
			}
			if n := strings.Count(b.executed(), c.side); n != c.nth {
				t.Errorf("%s: it went on: %s", c.name, b.executed())
			}
		})
	}
}

func TestAPairThatCannotBeOpened(t *testing.T) {
	b := &backend{broken: sandbox.Unavailable("mend it", "no runner")}
	ms, _ := together(t, t.Context(), b, sides(t, 3, nil))
	for _, m := range ms {
		if m.Verdict != bench.IsolationUnavailable || m.Error == "" {
			t.Errorf("%s: %s", m.Verdict, m.Error)
		}
	}
}

func TestCancelEndsBothSides(t *testing.T) {
	bubble(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(6500*time.Millisecond, cancel)
		b := &backend{run: always(time.Second)}
		ms, _ := together(t, ctx, b, sides(t, 15, func(p *bench.Plan) { p.Cleanup = []string{"U"} }))
		for _, m := range ms {
			if m.Verdict != bench.Cancelled || m.Error != "" {
				t.Errorf("%s: %s", m.Verdict, m.Error)
			}
		}
		if order := b.executed(); len(order) != 9 || !strings.HasSuffix(order, "UU") {
			t.Errorf("it ran %s", order)
		}
	})
}

// The budget is for the time of each side, not of both, and a block is whole.
func TestTheBudgetOfAPair(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: always(time.Second)}
		ms, _ := together(t, t.Context(), b, sides(t, 15, func(p *bench.Plan) { p.Budget = 9000 }))
		for _, m := range ms {
			if m.Verdict != bench.OK || len(m.Walls()) != 8 || len(m.Warnings) != 1 || !strings.Contains(m.Warnings[0].Message, "budget of 9s was over after 8 of 30") {
				t.Errorf("%s (%s) with %d samples: %v", m.Verdict, m.Error, len(m.Walls()), m.Warnings)
			}
		}
	})
}

func ptr[T any](v T) *T { return &v }
