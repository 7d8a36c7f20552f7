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

// stage is a plan with a command at each place around its samples.
func stage(change func(*bench.Plan)) *bench.Plan {
	return plan(func(p *bench.Plan) {
		p.Iterations = 2
		p.Hooks = bench.Hooks{Setup: []string{"setup"}, Prepare: []string{"prepare"}, Conclude: []string{"conclude"}, Cleanup: []string{"cleanup"}}
		if change != nil {
			change(p)
		}
	})
}

// failing is a machine on which the n-th execution of a program ends in its own
// way.
func failing(program string, nth int, end func(*sandbox.Outcome)) func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error) {
	seen := 0
	return func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
		o := lasting(ctx, exec, time.Second)
		o.Output.Stdout, o.StdoutProduced = []byte("said by "+exec.Argv[0]), 10
		if exec.Argv[0] == program {
			if seen++; seen == nth {
				end(o)
			}
		}
		return o, nil
	}
}

func exiting(code int) func(*sandbox.Outcome) {
	return func(o *sandbox.Outcome) {
		o.Verdict, o.Death = bench.NonzeroExit, bench.Death{How: "exited", Code: &code}
	}
}

// ran lists what was executed, a letter each; what finds the boundary as it was
// left has a dash before it.
func ran(b *backend) string {
	var s strings.Builder
	for _, exec := range b.execs {
		if exec.Continue {
			s.WriteByte('-')
		}
		if exec.Argv[0] == "conclude" || exec.Argv[0] == "cleanup" { // like prepare and conclude, they begin alike
			s.WriteString(exec.Argv[0][:2])
			continue
		}
		s.WriteByte(exec.Argv[0][1])
	}
	return s.String()
}

func TestCommandsAroundTheSamples(t *testing.T) {
	const whole = "e" + "r-o-co" + "r-o-co" + "r-o-co" + "-cl" // sEtup, pRepare, sOrt
	for _, c := range []struct {
		name    string
		change  func(*bench.Plan)
		program string // that ends badly
		nth     int
		end     func(*sandbox.Outcome)
		ran     string
		verdict bench.Verdict
		said    string // the error, or a warning
		output  string
		samples int
	}{
		{name: "all well", ran: whole, verdict: bench.OK, output: "sort", samples: 2},
		{name: "only some", change: func(p *bench.Plan) { p.Setup, p.Prepare, p.Cleanup = nil, nil, nil }, ran: "o-coo-coo-co", verdict: bench.OK, output: "sort", samples: 2},
		{name: "setup", program: "setup", nth: 1, end: exiting(3), ran: "e-cl", verdict: bench.NonzeroExit, said: "setup: exit code 3", output: "setup"},
		{name: "prepare of a warm-up", program: "prepare", nth: 1, end: exiting(4), ran: "er-cl", verdict: bench.NonzeroExit, said: "prepare: exit code 4", output: "prepare"},
		{name: "prepare of the last", program: "prepare", nth: 3, end: exiting(4), ran: "er-o-cor-o-cor-cl", verdict: bench.NonzeroExit, said: "prepare: exit code 4", output: "prepare", samples: 1},
		{name: "the program", program: "sort", nth: 2, end: exiting(5), ran: "er-o-cor-o-co-cl", verdict: bench.NonzeroExit, output: "sort"},
		{name: "conclude", program: "conclude", nth: 2, end: exiting(6), ran: "er-o-cor-o-co-cl", verdict: bench.NonzeroExit, said: "conclude: exit code 6", output: "conclude", samples: 1},
		{name: "cleanup", program: "cleanup", nth: 1, end: exiting(7), ran: whole, verdict: bench.NonzeroExit, said: "cleanup: exit code 7", output: "cleanup", samples: 2},
		{name: "by a signal", program: "setup", nth: 1, end: func(o *sandbox.Outcome) {
			name := "SIGSEGV"
			o.Verdict, o.Death = bench.Signaled, bench.Death{How: "signaled", Signal: &name}
		}, ran: "e-cl", verdict: bench.Signaled, said: "setup: ended by SIGSEGV", output: "setup"},
		{name: "by its limit", program: "prepare", nth: 1, end: func(o *sandbox.Outcome) { o.Verdict = bench.OutputLimit }, ran: "er-cl", verdict: bench.OutputLimit, said: "prepare: output limit", output: "prepare"},
		{name: "not started", program: "setup", nth: 1, end: func(o *sandbox.Outcome) {
			o.Verdict, o.Reason = bench.StartFailed, "x was not found in PATH (ENOENT)"
		}, ran: "e-cl", verdict: bench.StartFailed, said: "setup: x was not found in PATH (ENOENT)", output: "setup"},
	} {
		bubble(t, func(t *testing.T) {
			if c.end == nil {
				c.end = func(*sandbox.Outcome) {}
			}
			b := &backend{run: failing(c.program, c.nth, c.end)}
			m, _ := execute(t, b, stage(c.change))
			if got := ran(b); got != c.ran || m.Verdict != c.verdict || m.Error != c.said || len(m.Walls()) != c.samples {
				t.Errorf("%s: ran %s, want %s; %s (%s) with %d samples", c.name, got, c.ran, m.Verdict, m.Error, len(m.Walls()))
			}
			if string(m.Output.Stdout) != "said by "+c.output || len(m.Warnings) > 0 {
				t.Errorf("%s: %q is kept, warned of %v", c.name, m.Output.Stdout, m.Warnings)
			}
		})
	}
}

// Each is told what it is: what is beside the program, what readies /work.
func TestWhatTheBackendIsToldOfACommand(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: always(time.Millisecond)}
		p := stage(func(p *bench.Plan) {
			p.Timeout, p.Dir, p.Env = 700, "/srv", map[string]string{"A": "1"}
			p.Build = &bench.Build{Command: []string{"build"}, Timeout: 900, Limits: bench.Limits{Pids: 99}}
		})
		execute(t, b, p)
		pids := bench.DefaultLimits().Pids
		for i, want := range []struct {
			name         string
			aside, build bool
			pids         int64
			timeout      time.Duration
		}{
			{"build", true, true, 99, 900},
			{"setup", true, true, pids, 700},
			{"prepare", true, false, 0, 700},
			{"sort", false, false, 0, 700},
			{"conclude", true, false, 0, 700},
		} {
			exec := b.execs[i]
			if exec.Argv[0] != want.name || exec.Aside != want.aside || exec.Build != want.build || exec.Limits.Pids != want.pids ||
				exec.Timeout != want.timeout*time.Millisecond || exec.Dir != "/srv" || !slices.Contains(exec.Env, "A=1") {
				t.Errorf("%s: %+v", want.name, exec)
			}
		}
	})
}

func TestWhatIsBesideTheProgramIsInNoFigure(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
			if exec.Aside {
				return figures(ctx, exec, 500, 9000, 9000), nil
			}
			return figures(ctx, exec, 5, 20, 10), nil
		}}
		m, _ := execute(t, b, stage(nil))
		u := m.Usage
		if *u.MaxRSS != 5<<20 || *u.TreePeak != 5<<21 || *u.CPUTime.User != 40_000 || *m.Evidence.Leftovers != 15 || m.Evidence.StdoutDropped != 3 {
			t.Errorf("usage %+v, evidence %+v", u, m.Evidence)
		}
		if s := m.Samples[1]; *s.User != 20_000 || *s.System != 10_000 || *s.CPU != 30_000 {
			t.Errorf("sample %+v", s)
		}
		if *u.ExecutionTime != 11_000 { // of which three were the program's
			t.Errorf("%v ms in all", *u.ExecutionTime)
		}
	})
}

// Whatever ends a run, what was set up is cleaned up, and the first cause stays.
func TestCleanupComesAlways(t *testing.T) {
	for _, c := range []struct {
		name    string
		change  func(*bench.Plan)
		run     func(stop context.CancelFunc) func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error)
		verdict bench.Verdict
		said    string
		warned  string
	}{
		{
			name: "cancelled within a sample", verdict: bench.Cancelled,
			run: func(stop context.CancelFunc) func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error) {
				return func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
					if call == 2 {
						time.AfterFunc(time.Millisecond, stop)
					}
					return lasting(ctx, exec, time.Second), nil
				}
			},
		},
		{
			name: "the budget is over", verdict: bench.Timeout, said: "The budget of 2.5s for the whole run was over.",
			change: func(p *bench.Plan) { p.Budget = 2500 },
		},
		{
			name: "the budget is over in a command beside", verdict: bench.Timeout, said: "prepare: The budget of 1.5s for the whole run was over.",
			change: func(p *bench.Plan) { p.Budget = 1500 },
		},
		{
			name: "the machinery broke", verdict: bench.InternalError, said: "broken",
			run: func(context.CancelFunc) func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error) {
				return func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error) {
					if call == 2 {
						return nil, errors.New("broken")
					}
					return lasting(ctx, exec, time.Second), nil
				}
			},
		},
		{
			name: "both fail", verdict: bench.Timeout, warned: "cleanup: exit code 9",
			change: func(p *bench.Plan) { p.Timeout = 1000 },
			run: func(context.CancelFunc) func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error) {
				return func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
					o := lasting(ctx, exec, map[bool]time.Duration{true: time.Millisecond, false: time.Minute}[exec.Aside])
					if exec.Argv[0] == "cleanup" {
						exiting(9)(o)
					}
					return o, nil
				}
			},
		},
		{
			name: "cancelled, and it fails", verdict: bench.Cancelled, warned: "cleanup: exit code 9",
			run: func(stop context.CancelFunc) func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error) {
				return func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
					stop()
					o := lasting(ctx, exec, time.Millisecond)
					if exec.Argv[0] == "cleanup" {
						exiting(9)(o)
					}
					return o, nil
				}
			},
		},
	} {
		bubble(t, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			b := &backend{isolation: bench.Process, run: always(time.Second)}
			if c.run != nil {
				b.run = c.run(stop)
			}
			m, _ := on(t, ctx, stage(c.change), b)
			warned := ""
			for _, w := range m.Warnings {
				warned += w.Message
			}
			if m.Verdict != c.verdict || m.Error != c.said || warned != c.warned {
				t.Errorf("%s: %s (%s), warned %q", c.name, m.Verdict, m.Error, warned)
			}
			last := b.execs[len(b.execs)-1]
			if last.Argv[0] != "cleanup" || last.Timeout != millis(stage(c.change).TimeoutMillis()) {
				t.Errorf("%s: the last was %v with %v", c.name, last.Argv, last.Timeout)
			}
		})
	}
}

func TestAnExitCodeThatIsIgnored(t *testing.T) {
	for _, c := range []struct {
		name   string
		ignore *bench.ExitCodes
		want   bench.Verdict
	}{
		{"none", nil, bench.NonzeroExit},
		{"another", &bench.ExitCodes{Codes: []int{2, 4}}, bench.NonzeroExit},
		{"this", &bench.ExitCodes{Codes: []int{2, 3}}, bench.OK},
		{"all", &bench.ExitCodes{All: true}, bench.OK},
	} {
		bubble(t, func(t *testing.T) {
			b := &backend{run: failing("sort", 3, exiting(3))}
			m, _ := execute(t, b, plan(func(p *bench.Plan) { p.IgnoreExit = c.ignore }))
			if m.Verdict != c.want || (c.want == bench.OK) != (len(m.Walls()) == 3) || *m.Samples[2].ExitCode != 3 {
				t.Errorf("%s: %s with %d samples", c.name, m.Verdict, len(m.Walls()))
			}
		})
	}
	bubble(t, func(t *testing.T) { // of the program, and of exit codes only
		ignore := func(p *bench.Plan) { p.IgnoreExit = &bench.ExitCodes{All: true} }
		if m, _ := execute(t, &backend{run: failing("prepare", 1, exiting(3))}, stage(ignore)); m.Verdict != bench.NonzeroExit {
			t.Errorf("of prepare: %s", m.Verdict)
		}
		oom := func(o *sandbox.Outcome) { exiting(3)(o); o.Verdict = bench.OOM }
		if m, _ := execute(t, &backend{run: failing("sort", 1, oom)}, plan(ignore)); m.Verdict != bench.OOM {
			t.Errorf("out of memory: %s", m.Verdict)
		}
	})
}

func TestCommandsAroundARoundOfAProgramThatTimesItself(t *testing.T) {
	bubble(t, func(t *testing.T) {
		b := &backend{run: reporting(fmt.Sprintf(`{"samples":[%s1]}`, strings.Repeat("1,", 9)))}
		m, _ := execute(t, b, stage(func(p *bench.Plan) { p.Kind, p.Iterations, p.Max, p.MinTime = bench.KindProtocol, 0, 25, 60_000 }))
		if got := ran(b); got != "er-o-cor-o-co-cl" || m.Verdict != bench.OK || len(m.Samples) != 20 || m.Samples[19].Index != 19 {
			t.Errorf("ran %s, %s (%s) with %d samples", got, m.Verdict, m.Error, len(m.Samples))
		}
	})
}
