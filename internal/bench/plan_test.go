package bench

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// The order of precedence: request, environment, benchmark, configuration.
func TestIsolationPrecedence(t *testing.T) {
	yes, no := true, false
	on, off := &EnvironmentIsolation{Isolated: true}, &EnvironmentIsolation{}
	named := func(i Isolation) *EnvironmentIsolation { return &EnvironmentIsolation{Isolated: i.Isolated(), Name: i} }
	for _, c := range []struct {
		name    string
		request Isolation
		env     *EnvironmentIsolation
		own     Isolation // of the benchmark
		feature *bool
		backend Isolation
		builtin Isolation // what a built-in gets
		command Isolation // what a command gets
	}{
		{name: "nothing said", builtin: Process, command: Process},
		{name: "backend", backend: Container, builtin: Container, command: Container},
		{name: "backend in-process is for built-ins", backend: InProcess, builtin: InProcess, command: Process},
		{name: "feature on", feature: &yes, backend: Container, builtin: Container, command: Container},
		{name: "feature off is for built-ins", feature: &no, backend: Container, builtin: InProcess, command: Container},
		{name: "benchmark over backend", own: Container, backend: Process, builtin: Container, command: Container},
		{name: "benchmark over feature", own: Process, feature: &no, backend: Container, builtin: Process, command: Process},
		{name: "environment true is the backend", env: on, builtin: Process, command: Process},
		{name: "environment true over benchmark", env: on, own: InProcess, backend: Container, builtin: Container, command: Container},
		{name: "environment true over a stronger benchmark", env: on, own: Container, backend: Process, builtin: Process, command: Process},
		{name: "environment true over feature", env: on, feature: &no, builtin: Process, command: Process},
		{name: "environment true isolates", env: on, backend: InProcess, builtin: Process, command: Process},
		{name: "environment false is for built-ins", env: off, backend: Container, builtin: InProcess, command: Container},
		{name: "environment false over benchmark", env: off, own: Container, backend: Process, builtin: InProcess, command: Container},
		{name: "environment by name", env: named(Container), own: Process, backend: Process, builtin: Container, command: Container},
		{name: "environment in-process by name", env: named(InProcess), own: Process, builtin: InProcess, command: InProcess},
		{name: "request over all", request: Process, env: named(InProcess), own: Container, feature: &no, backend: Container, builtin: Process, command: Process},
		{name: "request weaker", request: InProcess, env: on, own: Container, backend: Container, builtin: InProcess, command: InProcess},
	} {
		p := Policy{Backend: c.backend, Isolated: c.feature, Environment: c.env}
		for kind, want := range map[Kind]Isolation{KindBuiltin: c.builtin, KindCommand: c.command} {
			b := command()
			b.Trusted, b.Isolation, b.Kind = true, c.own, kind
			if kind == KindBuiltin {
				b.Command, b.Builtin = nil, "gzip"
			}
			plan, err := p.Resolve(b, Overrides{Isolation: c.request})
			if err != nil || plan.Requested != want {
				t.Errorf("%s, %s: got %q (%v), want %q", c.name, kind, plan.Requested, err, want)
			}
		}
	}
}

func TestNothingWeakensTheIsolationOfAStranger(t *testing.T) {
	no := false
	p := Policy{Backend: Process, Isolated: &no, Environment: &EnvironmentIsolation{Name: InProcess}, Fallback: true}
	plan, err := p.Resolve(Submitted(Definition{Name: "x", Command: []string{"x"}}), Overrides{})
	if err != nil || plan.Requested != Container || plan.Trusted || plan.Fallback || plan.Host != nil {
		t.Errorf("got %+v, %v", plan, err)
	}
}

func TestResolveRefuses(t *testing.T) {
	p := Policy{Timeout: 1000, Limits: Limits{Memory: 64 << 20}}
	stranger := func(change func(*Definition)) Benchmark {
		d := Definition{Name: "x", Command: []string{"x"}}
		change(&d)
		return Submitted(d)
	}
	plain := stranger(func(*Definition) {})
	trusted := command()
	trusted.Trusted = true
	for _, c := range []struct {
		want string
		b    Benchmark
		o    Overrides
	}{
		{"timeout is 1001 ms: it must be at most 1000 ms", stranger(func(d *Definition) { d.Timeout = 1001 }), Overrides{}},
		{"timeout is 1001 ms: it must be at most 1000 ms", plain, Overrides{Timeout: 1001}},
		{"timeout is 1001 ms: it must be at most 1000 ms", trusted, Overrides{Timeout: 1001}},
		{"timeout is 1e+30 ms", plain, Overrides{Timeout: 1e30}},
		{"timeout is -1 ms", plain, Overrides{Timeout: -1}},
		{"limits.memory is 67108865: it must be at most 67108864", stranger(func(d *Definition) { d.Limits.Memory = 64<<20 + 1 }), Overrides{}},
		{"limits.disk is 67108865", stranger(func(d *Definition) { d.Limits.Disk = 64<<20 + 1 }), Overrides{}},
		{"limits.memory is 1", stranger(func(d *Definition) { d.Limits.Memory = 1 }), Overrides{}},
		{"iterations is -1", plain, Overrides{Iterations: -1}},
		{"warmup is -1", plain, Overrides{Warmup: whole(-1)}},
		{`isolation "strong" is not one of`, plain, Overrides{Isolation: "strong"}},
		{"command is empty", Submitted(Definition{Name: "x"}), Overrides{}},
	} {
		if _, err := p.Resolve(c.b, c.o); err == nil || !strings.Contains(err.Error(), c.want) || CodeOf(err) != CodeInvalid {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

func TestTimeouts(t *testing.T) {
	p := Policy{Timeout: 1000, Grace: 300}
	for _, c := range []struct {
		name      string
		own       float64
		trusted   bool
		o         Overrides
		want      float64
		wantGrace float64
	}{
		{"configured", 0, true, Overrides{}, 1000, 300},
		{"the benchmark's own may be longer", 5000, true, Overrides{}, 5000, 300},
		{"a request lowers it", 5000, true, Overrides{Timeout: 10}, 10, 300},
		{"a request may use all of the benchmark's own", 5000, true, Overrides{Timeout: 5000}, 5000, 300},
		{"the operator raises it", 0, true, Overrides{Timeout: 9000, ByOperator: true}, 9000, 300},
		{"a stranger lowers it", 20, false, Overrides{}, 20, 300},
		{"a stranger's request goes first", 20, false, Overrides{Timeout: 900}, 900, 300},
	} {
		b := command()
		b.Timeout, b.Trusted = c.own, c.trusted
		plan, err := p.Resolve(b, c.o)
		if err != nil || plan.Timeout != c.want || plan.Grace != c.wantGrace {
			t.Errorf("%s: timeout %v, grace %v (%v)", c.name, plan.Timeout, plan.Grace, err)
		}
	}
	plan, err := Policy{}.Resolve(command(), Overrides{})
	if err != nil || plan.Timeout != DefaultTimeout || plan.Grace != DefaultGrace {
		t.Errorf("without a configuration: timeout %v, grace %v (%v)", plan.Timeout, plan.Grace, err)
	}
}

func TestWhatIsStrict(t *testing.T) {
	p := Policy{Limits: Limits{Memory: 1 << 30, CPUTime: 5000}}
	b := command()
	b.Trusted, b.Limits = true, Limits{Pids: 500}
	plan, err := p.Resolve(b, Overrides{})
	want := Limits{Memory: 1 << 30, CPUs: 1, CPUTime: 5000, Pids: 500, Output: 1 << 20, Disk: 64 << 20}
	if err != nil || plan.Enforce != want || !maps.Equal(plan.Strict, map[string]bool{LimitPids: true}) {
		t.Errorf("trusted: %+v, strict %v (%v)", plan.Enforce, plan.Strict, err)
	}
	plan, err = p.Resolve(Submitted(Definition{Name: "x", Command: []string{"x"}, Limits: Limits{Pids: 5}}), Overrides{})
	all := []string{"cpuTime", "cpus", "disk", "memory", "output", "pids"}
	if err != nil || plan.Enforce.Pids != 5 || !slices.Equal(slices.Sorted(maps.Keys(plan.Strict)), all) {
		t.Errorf("untrusted: %+v, strict %v (%v)", plan.Enforce, plan.Strict, err)
	}
}

func TestBudgetOfAStranger(t *testing.T) {
	p := Policy{UntrustedBudget: 60_000}
	b := command()
	b.Budget = 90_000
	if plan, err := p.Resolve(b, Overrides{}); err != nil || plan.Budget != 60_000 {
		t.Errorf("untrusted: %v (%v)", plan.Budget, err)
	}
	b.Trusted = true
	if plan, err := p.Resolve(b, Overrides{}); err != nil || plan.Budget != 90_000 {
		t.Errorf("trusted: %v (%v)", plan.Budget, err)
	}
}

func TestResolveMergesAndChangesNoneOfItsArguments(t *testing.T) {
	p := Policy{Env: map[string]string{"NODE_ENV": "production", "A": "configured"}, Fallback: true}
	b := command()
	b.Trusted, b.Env, b.Iterations = true, map[string]string{"A": "own"}, 5
	plan, err := p.Resolve(b, Overrides{Iterations: 7, Warmup: whole(2), Image: "debian"})
	if err != nil || plan.Iterations != 7 || *plan.Warmup != 2 || plan.Image != "debian" || !plan.Fallback {
		t.Errorf("got %+v (%v)", plan, err)
	}
	if want := map[string]string{"NODE_ENV": "production", "A": "own"}; !maps.Equal(plan.Env, want) {
		t.Errorf("env %v", plan.Env)
	}
	if len(b.Env) != 1 || p.Env["A"] != "configured" || b.Iterations != 5 {
		t.Error("an argument was changed")
	}
}
