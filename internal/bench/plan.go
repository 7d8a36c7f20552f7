package bench

import (
	"cmp"
	"maps"
)

// Plan is a benchmark with everything decided: what a worker executes, also
// after a restart. It is stored with the run.
type Plan struct {
	Benchmark
	Requested Isolation       `json:"requested"`
	Enforce   Limits          `json:"enforce"` // complete
	Strict    map[string]bool `json:"strict"`  // limits that must hold, or nothing runs
	Fallback  bool            `json:"fallback"`
	// Host is the environment of the caller that a trusted program expects:
	// PATH, HOME, LANG, TZ.
	Host map[string]string `json:"host,omitempty"`
	// Blocks is how many blocks of samples a run takes in turns with the one that
	// it is paired with; 0 if it is alone.
	Blocks int `json:"blocks,omitempty"`
	// See is the change that it takes enough blocks to find, Blocks at most; 0 takes
	// all of them.
	See float64 `json:"see,omitempty"`

	Occasion Occasion `json:"-"`
}

// Overrides is what one request changes about a benchmark. Zero changes nothing.
type Overrides struct {
	ByOperator bool // may raise what the configuration says
	Isolation  Isolation
	Iterations int
	Warmup     *int
	Timeout    float64 // ms
	Image      string
	Revision   *Revision `json:",omitempty"` // of trusted code alone
}

// Policy is what the operator configured for all benchmarks.
type Policy struct {
	Backend  Isolation // where nothing else is asked for
	Isolated *bool     // [features] isolated_benchmarks, if stated
	// Environment is BENCHMARK_ISOLATION, read: nil is unset.
	Environment     *EnvironmentIsolation
	Fallback        bool
	Limits          Limits
	Timeout         float64 // ms
	Grace           float64 // ms
	UntrustedBudget float64 // ms for a whole run of a stranger's code
	Env             map[string]string
	Host            map[string]string // the server's own PATH, HOME, LANG and TZ, for trusted code
}

// EnvironmentIsolation is what BENCHMARK_ISOLATION says: isolated or not, or
// one isolation by name.
type EnvironmentIsolation struct {
	Isolated bool
	Name     Isolation
}

// Resolve decides everything about one run. The order of precedence for the
// isolation is request, environment, benchmark, configuration.
func (p Policy) Resolve(b Benchmark, o Overrides) (Plan, error) {
	if err := p.checkOverrides(b, o); err != nil {
		return Plan{}, err
	}
	if err := o.checkRevision(b.Trusted); err != nil {
		return Plan{}, err
	}
	if o.Iterations != 0 { // a fixed number, whatever was to decide it
		b.Iterations, b.Sampling = o.Iterations, Sampling{}
	}
	if o.Warmup != nil {
		b.Warmup = o.Warmup
	}
	if o.Image != "" {
		b.Image = o.Image
	}
	b.Timeout = cmp.Or(o.Timeout, b.Timeout, p.Timeout, DefaultTimeout)
	b.Grace = cmp.Or(b.Grace, p.Grace, DefaultGrace)
	if !b.Trusted && p.UntrustedBudget > 0 {
		b.Budget = p.UntrustedBudget
	}
	env := maps.Clone(p.Env)
	if env == nil {
		env = map[string]string{}
	}
	maps.Copy(env, b.Env)
	b.Env = env
	if err := b.Validate(); err != nil {
		return Plan{}, err
	}
	plan := Plan{Benchmark: b, Requested: p.isolation(b, o), Fallback: p.Fallback && b.Trusted}
	plan.Occasion.Revision = o.Revision
	if b.Trusted {
		plan.Host = p.Host
	}
	if _, err := ParseIsolation(string(plan.Requested)); err != nil {
		return Plan{}, err
	}
	plan.Enforce = b.Limits.Over(p.Limits).Over(DefaultLimits())
	plan.Strict = b.Limits.Stated()
	if !b.Trusted {
		plan.Strict = plan.Enforce.Stated()
	}
	return plan, nil
}

// checkOverrides keeps limits from being raised by a request.
func (p Policy) checkOverrides(b Benchmark, o Overrides) error {
	top := cmp.Or(p.Timeout, DefaultTimeout)
	asked := o.Timeout
	if b.Trusted {
		top = cmp.Or(b.Timeout, top)
	} else {
		asked = max(b.Timeout, asked)
		ceiling := p.Limits.Over(DefaultLimits())
		if err := b.Limits.Within(ceiling); err != nil {
			return err
		}
		if b.Build != nil {
			asked = max(asked, b.Build.Timeout)
			if err := b.Build.Limits.Within(ceiling); err != nil {
				return err
			}
		}
	}
	if asked > top && !o.ByOperator {
		return Errorf(CodeInvalid, "timeout is %s ms: it must be at most %s ms", number(asked), number(top)).
			WithHint("raise isolation.timeout in the configuration")
	}
	return nil
}

// checkRevision keeps strangers from saying what code of ours they measured.
func (o Overrides) checkRevision(trusted bool) error {
	if o.Revision == nil {
		return nil
	}
	if !trusted {
		return Errorf(CodeInvalid, "revision goes with trusted benchmarks alone, which have a history")
	}
	return o.Revision.Validate()
}

// isolation says where a run belongs. What a stranger submits gets the strongest
// there is, whatever the environment and the configuration say of trusted ones.
func (p Policy) isolation(b Benchmark, o Overrides) Isolation {
	switch e := p.Environment; {
	case o.Isolation != "":
		return o.Isolation
	case !b.Trusted:
		return Container
	case e != nil && e.Name != "":
		return e.Name
	case e != nil && e.Isolated:
		return p.isolated()
	case e != nil && b.Kind == KindBuiltin:
		return InProcess
	case b.Isolation != "":
		return b.Isolation
	case p.Isolated != nil && !*p.Isolated && b.Kind == KindBuiltin:
		return InProcess
	}
	if p.Backend == InProcess && b.Kind != KindBuiltin {
		return Process // nothing else can run inside the server
	}
	return cmp.Or(p.Backend, Process)
}

// isolated is what BENCHMARK_ISOLATION=true means: the configured backend, or
// a process where that would not isolate.
func (p Policy) isolated() Isolation {
	if p.Backend.Isolated() {
		return p.Backend
	}
	return Process
}
