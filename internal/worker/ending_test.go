package worker

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

func TestBudget(t *testing.T) {
	for _, c := range []struct {
		name       string
		budget     time.Duration
		iterations int
		wall       time.Duration
		verdict    bench.Verdict
		samples    int
		said       string // in the error or a warning
	}{
		{"enough", time.Minute, 3, time.Second, bench.OK, 3, ""},
		{"over between samples", 4 * time.Second, 100, time.Second, bench.OK, 3, "budget of 4s was over after 3 of 100 samples"},
		{"over between default samples", 4 * time.Second, 0, time.Second, bench.OK, 3, "after 3 of 10 samples"},
		{"over with enough default samples", 1500 * time.Millisecond, 0, 100 * time.Millisecond, bench.OK, 14, ""},
		{"over within a sample", 2500 * time.Millisecond, 100, time.Second, bench.Timeout, 1, "budget of 2.5s for the whole run was over"},
		{"over within the warm-up", 500 * time.Millisecond, 3, time.Second, bench.Timeout, 0, "budget of 500ms"},
		{"the timeout comes first", time.Minute, 3, 20 * time.Second, bench.Timeout, 0, ""},
	} {
		bubble(t, func(t *testing.T) {
			b := &backend{run: always(c.wall)}
			m, _ := execute(t, b, plan(func(p *bench.Plan) { p.Budget, p.Iterations = float64(c.budget.Milliseconds()), c.iterations }))
			if m.Verdict != c.verdict || len(m.Walls()) != c.samples {
				t.Errorf("%s: %s with %d samples", c.name, m.Verdict, len(m.Walls()))
			}
			said := m.Error
			for _, w := range m.Warnings {
				said += w.Message
			}
			if (c.said == "") != (said == "") || !strings.Contains(said, c.said) {
				t.Errorf("%s: it says %q", c.name, said)
			}
			limit := m.Evidence.LimitReached
			if spent := limit != nil && *limit == bench.LimitBudget; spent != (c.verdict == bench.Timeout && c.said != "") {
				t.Errorf("%s: that the budget ended it is said: %v", c.name, spent)
			}
			if time.Duration(*m.Usage.ExecutionTime)*time.Millisecond > c.budget {
				t.Errorf("%s: it took %v ms", c.name, *m.Usage.ExecutionTime)
			}
		})
	}
}

func TestCancel(t *testing.T) {
	bubble(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2500*time.Millisecond, cancel)
		b := &backend{isolation: bench.Process, run: always(time.Second)}
		m, _ := on(t, ctx, plan(nil), b)
		if m.Verdict != bench.Cancelled || len(b.execs) != 3 || *m.Usage.ExecutionTime != 2500 || m.Death == nil {
			t.Errorf("%s after %d executions and %v ms", m.Verdict, len(b.execs), *m.Usage.ExecutionTime)
		}
	})
	bubble(t, func(t *testing.T) { // between two executions
		ctx, cancel := context.WithCancel(t.Context())
		b := &backend{isolation: bench.Process, run: func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
			o := lasting(ctx, exec, time.Second)
			cancel()
			return o, nil
		}}
		m, _ := on(t, ctx, plan(nil), b)
		if m.Verdict != bench.Cancelled || len(b.execs) != 1 || m.Error != "" {
			t.Errorf("%s (%s) after %d executions", m.Verdict, m.Error, len(b.execs))
		}
	})
	bubble(t, func(t *testing.T) { // during the build, at which nothing was wrong
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(500*time.Millisecond, cancel)
		b := &backend{isolation: bench.Process, run: always(time.Second)}
		m, _ := on(t, ctx, plan(func(p *bench.Plan) { p.Build = &bench.Build{Command: []string{"build"}} }), b)
		if m.Verdict != bench.Cancelled || len(b.execs) != 1 || m.Error != "" {
			t.Errorf("%s (%s) after %d executions", m.Verdict, m.Error, len(b.execs))
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := &backend{isolation: bench.Process, broken: ctx.Err()}
	if m, _ := on(t, ctx, plan(nil), b); m.Verdict != bench.Cancelled || m.Effective != nil {
		t.Errorf("before it began: %s (%s)", m.Verdict, m.Error)
	}
}

func TestABrokenMachineryIsAVerdictWithItsCause(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
			if call == 2 {
				return nil, errors.New("the runner's stream ended")
			}
			return lasting(ctx, exec, time.Second), nil
		}}
		m, _ := execute(t, b, plan(nil))
		if m.Verdict != bench.InternalError || m.Error != "the runner's stream ended" || len(m.Samples) != 2 {
			t.Errorf("%s (%s) with %d samples", m.Verdict, m.Error, len(m.Samples))
		}
	})
}

// reporting is a program that prints a result.
func reporting(stdout string) func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error) {
	return func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
		o := figures(ctx, exec, 2, 100, 10)
		o.Evidence = bench.Evidence{}
		o.Output.Stdout, o.StdoutProduced = []byte(stdout), int64(len(stdout))
		return o, nil
	}
}

func TestProgramsThatTimeThemselves(t *testing.T) {
	for _, c := range []struct {
		name, stdout string
		verdict      bench.Verdict
		said         string
	}{
		{"as asked for", `{"samples":[1,2,3]}`, bench.OK, ""},
		{"nothing", "", bench.InternalError, "printed no result"},
		{"no JSON", "done", bench.InternalError, "not the expected JSON"},
		{"the wrong number", `{"samples":[1]}`, bench.InternalError, "1 samples for 3 iterations"},
		{"impossible times", `{"samples":[500,500,500]}`, bench.InternalError, "1500 ms of samples but ran for 1000 ms"},
		{"its own error", `{"error":"no database"}`, bench.InternalError, "no database"},
	} {
		bubble(t, func(t *testing.T) {
			b := &backend{run: reporting(c.stdout)}
			m, _ := execute(t, b, plan(func(p *bench.Plan) { p.Kind = bench.KindProtocol }))
			if m.Verdict != c.verdict || !strings.Contains(m.Error, c.said) || (c.said == "") != (m.Error == "") || len(b.execs) != 1 {
				t.Errorf("%s: %s (%s) after %d executions", c.name, m.Verdict, m.Error, len(b.execs))
			}
			if want := map[bool]int{true: 3}[c.verdict == bench.OK]; len(m.Samples) != want || m.TimeSource != bench.TimeByProgram {
				t.Errorf("%s: samples %+v by %s", c.name, m.Samples, m.TimeSource)
			}
			if *m.Usage.MaxRSS != 2<<20 || *m.Usage.CPUTime.User != 100_000 || m.Death == nil {
				t.Errorf("%s: usage %+v", c.name, m.Usage)
			}
		})
	}
}

func TestAResultThatWasCutIsNotRead(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
			o, err := reporting(`{"samples":[1,2,3]}`)(ctx, exec, call)
			o.Evidence.StdoutDropped, o.StdoutProduced = 100<<20, 101<<20
			return o, err
		}}
		m, _ := execute(t, b, plan(func(p *bench.Plan) { p.Kind = bench.KindProtocol }))
		if m.Verdict != bench.OutputLimit || len(m.Samples) != 0 || !strings.Contains(m.Error, "105906176 bytes and the output limit is 1048576") {
			t.Errorf("%s (%s)", m.Verdict, m.Error)
		}
	})
}

func TestAProgramThatFailsIsNotAskedForItsResult(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
			o, err := reporting("Traceback")(ctx, exec, call)
			o.Verdict = bench.NonzeroExit
			return o, err
		}}
		m, _ := execute(t, b, plan(func(p *bench.Plan) { p.Kind = bench.KindProtocol }))
		if m.Verdict != bench.NonzeroExit || m.Error != "" {
			t.Errorf("%s (%s)", m.Verdict, m.Error)
		}
	})
}

func TestStandardInput(t *testing.T) {
	target := 0.8
	protocol := plan(func(p *bench.Plan) {
		p.Kind, p.Name, p.Category, p.Target, p.Iterations = bench.KindProtocol, "Profile Query", "performance", &target, 0
	})
	text, err := standardInput(protocol)
	var config map[string]any
	if err == nil {
		err = json.Unmarshal(text, &config)
	}
	want := map[string]any{"name": "Profile Query", "target": 0.8, "iterations": 10.0, "category": "performance", "warmup": 1.0}
	if err != nil || fmt.Sprint(config) != fmt.Sprint(want) {
		t.Errorf("config %v, %v", config, err)
	}
	for _, c := range []struct {
		stdin string
		lines int
		want  int
	}{{"", 0, 0}, {"abc", 0, 3}, {"", 1000, 64_000}} {
		text, err := standardInput(plan(func(p *bench.Plan) { p.Stdin, p.StdinLines = c.stdin, c.lines }))
		if err != nil || len(text) != c.want {
			t.Errorf("%+v: %d bytes, %v", c, len(text), err)
		}
	}
}

// Figures on generated input can be compared across machines and versions only
// while it is the same to the byte.
func TestGeneratedInputNeverChanges(t *testing.T) {
	text := generatedLines(1000)
	if sum := fmt.Sprintf("%.8x", sha256.Sum256(text)); sum != "9df1ee0b690f20cd" {
		t.Errorf("its hash is %s", sum)
	}
	if lines := strings.Split(string(text), "\n"); len(lines) != 1001 || len(lines[7]) != 63 || lines[0] == lines[1] {
		t.Errorf("%d lines like %q", len(lines), lines[0])
	}
}
