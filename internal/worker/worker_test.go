package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// backend is a fake sandbox. It notes what it was asked for.
type backend struct {
	isolation bench.Isolation
	broken    error // why no session opens
	run       func(ctx context.Context, exec sandbox.Exec, call int) (*sandbox.Outcome, error)
	closing   error

	specs  []sandbox.Spec
	execs  []sandbox.Exec
	closed int
}

func (b *backend) Name() bench.Isolation                    { return b.isolation }
func (*backend) Probe(context.Context) sandbox.Capabilities { return sandbox.Capabilities{} }

func (b *backend) Open(_ context.Context, spec sandbox.Spec) (sandbox.Session, error) {
	b.specs = append(b.specs, spec)
	if b.broken != nil {
		return nil, b.broken
	}
	return &session{b}, nil
}

type session struct{ b *backend }

func (s *session) Run(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
	s.b.execs = append(s.b.execs, exec)
	return s.b.run(ctx, exec, len(s.b.execs)-1)
}

func (*session) Account(context.Context) sandbox.Account {
	return sandbox.Account{Receipt: []bench.Receipt{{Limit: "from the session"}}}
}
func (s *session) Close() error { s.b.closed++; return s.b.closing }

// lasting is an execution of some length that ends well, or by its timeout.
func lasting(ctx context.Context, exec sandbox.Exec, wall time.Duration) *sandbox.Outcome {
	began := time.Now()
	o := &sandbox.Outcome{Verdict: bench.OK, Wall: wall, Death: bench.Death{How: "exited", Code: new(int)}}
	if wall > exec.Timeout {
		o.Verdict, o.Wall, o.Death = bench.Timeout, exec.Timeout, bench.Death{How: "signaled"}
	}
	select {
	case <-time.After(o.Wall):
	case <-ctx.Done():
		o.Verdict = bench.Cancelled
	}
	o.Moments = []sandbox.Moment{{Event: bench.EventStarted, At: began}, {Event: bench.EventExited, At: time.Now()}, {Event: bench.EventEmpty, At: time.Now()}}
	return o
}

func always(wall time.Duration) func(context.Context, sandbox.Exec, int) (*sandbox.Outcome, error) {
	return func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
		return lasting(ctx, exec, wall), nil
	}
}

// witness notes what an observer is told.
type witness struct {
	progress []string
	output   string
	done     int

	mu    sync.Mutex
	usage []bench.Usage
}

func (w *witness) Usage(_ string, u bench.Usage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.usage = append(w.usage, u)
}

func (w *witness) Progress(_ string, p bench.Progress) {
	of := "?"
	if p.Of != nil {
		of = fmt.Sprint(*p.Of)
	}
	w.progress = append(w.progress, fmt.Sprintf("%v %d/%s %v", p.Warmup, p.Done, of, *p.Last))
}
func (w *witness) Output(_ string, _ bool, chunk []byte) { w.output += string(chunk) }
func (w *witness) Done(string)                           { w.done++ }

// plan is a trusted command in a process, changed as a test wants.
func plan(change func(*bench.Plan)) *bench.Plan {
	p := &bench.Plan{
		Benchmark: bench.Benchmark{
			Definition: bench.Definition{Name: "sort", Command: []string{"sort"}, Iterations: 3}, Kind: bench.KindCommand, Trusted: true,
		},
		Requested: bench.Process, Fallback: true, Enforce: bench.DefaultLimits(),
	}
	if change != nil {
		change(p)
	}
	return p
}

// execute runs a plan on one backend, by a fake clock, and checks what always
// holds.
func execute(t *testing.T, b *backend, p *bench.Plan) (m *bench.Measurement, w *witness) {
	t.Helper()
	b.isolation = p.Requested
	return on(t, t.Context(), p, b)
}

func on(t *testing.T, ctx context.Context, p *bench.Plan, backends ...*backend) (m *bench.Measurement, w *witness) {
	t.Helper()
	w = &witness{}
	worker := &Worker{Backends: map[bench.Isolation]sandbox.Backend{}, Observer: w}
	for _, b := range backends {
		worker.Backends[b.isolation] = b
	}
	began := time.Now()
	run := bench.NewRun("run", p, nil, began.UTC()).Take(began.UTC()).Run
	m = worker.Execute(ctx, run, p)
	opened, closed := 0, 0
	for _, b := range backends {
		closed += b.closed
		if b.broken == nil {
			opened += len(b.specs)
		}
	}
	if opened != closed || w.done != 1 {
		t.Errorf("%d sessions were opened and %d closed; done was told %d times", opened, closed, w.done)
	}
	if m.Verdict == "" || m.Usage.ExecutionTime == nil || m.Ended.Before(*run.StartedAt) {
		t.Errorf("incomplete: %+v", m)
	}
	return m, w
}

func bubble(t *testing.T, test func(*testing.T)) {
	t.Helper()
	synctest.Test(t, test)
}

func TestFallback(t *testing.T) {
	unavailable := func(why string) error { return sandbox.Unavailable("mend it", "%s", why) }
	no := map[bench.Isolation]error{
		bench.Container: unavailable("no engine"), bench.Process: unavailable("no runner"), bench.InProcess: unavailable("tainted"),
	}
	for _, c := range []struct {
		name      string
		requested bench.Isolation
		broken    []bench.Isolation
		change    func(*bench.Plan)
		effective bench.Isolation // "" ends without one
		reasons   string
	}{
		{"nothing broken", bench.Container, nil, nil, bench.Container, ""},
		{"one step", bench.Container, []bench.Isolation{bench.Container}, nil, bench.Process, "no engine; mend it"},
		{"a command never runs in-process", bench.Container, []bench.Isolation{bench.Container, bench.Process}, nil, "", "no engine; mend it"},
		{"nor from a process", bench.Process, []bench.Isolation{bench.Process}, nil, "", "no runner; mend it"},
		{"a built-in from a process", bench.Process, []bench.Isolation{bench.Process}, builtin, bench.InProcess, "no runner; mend it"},
		{"a built-in two steps, both told", bench.Container, []bench.Isolation{bench.Container, bench.Process}, builtin, bench.InProcess, "no engine; mend it\nno runner; mend it"},
		{"nothing is left", bench.Container, []bench.Isolation{bench.Container, bench.Process, bench.InProcess}, builtin, "", "no engine; mend it"},
		{"a weaker one is not jumped to", bench.Process, []bench.Isolation{bench.Process, bench.InProcess}, builtin, "", "no runner; mend it"},
		{"not a stronger one", bench.InProcess, []bench.Isolation{bench.InProcess}, builtin, "", "tainted; mend it"},
		{"not configured", bench.Container, []bench.Isolation{bench.Container}, func(p *bench.Plan) { p.Fallback = false }, "", "no engine; mend it"},
		{"not a stranger's", bench.Container, []bench.Isolation{bench.Container}, func(p *bench.Plan) { p.Trusted = false }, "", "no engine; mend it"},
		{"a command in-process", bench.InProcess, nil, nil, "", "only built-in benchmarks can run in-process"},
	} {
		bubble(t, func(t *testing.T) {
			var backends []*backend
			for _, i := range bench.Isolations {
				b := &backend{isolation: i, run: always(time.Millisecond)}
				if slices.Contains(c.broken, i) {
					b.broken = no[i]
				}
				if c.change != nil && b.broken == nil && plan(c.change).Kind == bench.KindBuiltin {
					b.run = reporting(`{"samples":[1,1,1]}`)
				}
				backends = append(backends, b)
			}
			p := plan(c.change)
			p.Requested = c.requested
			m, _ := on(t, t.Context(), p, backends...)
			if c.effective == "" {
				if m.Verdict != bench.IsolationUnavailable || m.Effective != nil || !strings.HasPrefix(m.Error, c.reasons) || m.Fallback != "" {
					t.Errorf("%s: %s, %q, effective %v", c.name, m.Verdict, m.Error, m.Effective)
				}
				return
			}
			if m.Verdict != bench.OK || m.Effective == nil || *m.Effective != c.effective || m.Fallback != c.reasons {
				t.Errorf("%s: %s (%s), effective %v, because %q", c.name, m.Verdict, m.Error, m.Effective, m.Fallback)
			}
		})
	}
}

func builtin(p *bench.Plan) {
	p.Kind, p.Builtin, p.Command = bench.KindBuiltin, "gzip", nil
}

func TestAnIsolationThatTheServerHasNot(t *testing.T) {
	m, _ := on(t, t.Context(), plan(func(p *bench.Plan) { p.Requested, p.Fallback = bench.Container, false }))
	if m.Verdict != bench.IsolationUnavailable || !strings.Contains(m.Error, "no container isolation") || !strings.Contains(m.Error, "doctor") {
		t.Errorf("%s: %s", m.Verdict, m.Error)
	}
}

// A machinery that breaks in another way than being absent says nothing of a
// weaker one being right.
func TestNoFallbackFromABug(t *testing.T) {
	container := &backend{isolation: bench.Container, broken: errors.New("nil map")}
	process := &backend{isolation: bench.Process, run: always(time.Millisecond)}
	m, _ := on(t, t.Context(), plan(func(p *bench.Plan) { p.Requested = bench.Container }), container, process)
	if m.Verdict != bench.InternalError || m.Error != "nil map" || len(process.specs) != 0 {
		t.Errorf("%s: %s; the process backend was asked %d times", m.Verdict, m.Error, len(process.specs))
	}
}

func TestTheBackendIsToldWhatWasDecided(t *testing.T) {
	b := &backend{run: always(time.Millisecond)}
	p := plan(func(p *bench.Plan) {
		p.Strict, p.Image, p.Files, p.Stdin = map[string]bool{"memory": true}, "debian", []bench.File{{Path: "x"}}, "in"
		p.Dir, p.Timeout, p.Grace = "/srv", 1500, 250
		p.Host, p.Env = map[string]string{"PATH": "/opt/bin", "HOME": "/home/me"}, map[string]string{"B": "2", "A": "1"}
	})
	m, _ := execute(t, b, p)
	spec, exec := b.specs[0], b.execs[0]
	if spec.Run != "run" || spec.Attempt != 1 || !spec.Trusted || !spec.Measured || spec.Limits != p.Enforce || !spec.Strict["memory"] ||
		spec.Image != "debian" || len(spec.Files) != 1 || string(spec.Stdin) != "in" {
		t.Errorf("spec %+v", spec)
	}
	if !slices.Equal(exec.Argv, p.Command) || exec.Dir != "/srv" || exec.Timeout != 1500*time.Millisecond || exec.Grace != 250*time.Millisecond {
		t.Errorf("exec %+v", exec)
	}
	if want := []string{"A=1", "B=2", "HOME=/home/me", "LANG=C.UTF-8", "PATH=/opt/bin"}; !slices.Equal(exec.Env, want) {
		t.Errorf("env %v", exec.Env)
	}
	if len(m.Receipt) != 1 || m.Receipt[0].Limit != "from the session" {
		t.Errorf("receipt %v", m.Receipt)
	}
	keeper := &Worker{Secrets: []string{"PASSWORD=hunter2"}}
	if !slices.Contains(keeper.environment(p, bench.Process), "PASSWORD=hunter2") {
		t.Error("trusted code does not get the secret")
	}
	p.Trusted = false // a stranger gets nothing of the caller's environment, and no secret
	if env := keeper.environment(p, bench.Process); !slices.Equal(env, []string{"A=1", "B=2", "LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"}) {
		t.Errorf("env of a stranger %v", env)
	}
}
