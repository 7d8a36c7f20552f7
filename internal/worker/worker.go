// Package worker is one machine at work: it takes a run, opens a boundary for
// it, has the samples taken until there are enough, and brings back what was
// measured. It knows nothing of queues and stores.
package worker

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// Observer sees a run while it is under way. Its methods must not block.
type Observer interface {
	Progress(run string, p bench.Progress)
	Output(run string, stdout bool, chunk []byte)
	Usage(run string, u bench.Usage)
	Done(run string)
}

// Worker executes runs. It holds nothing between them.
type Worker struct {
	Backends map[bench.Isolation]sandbox.Backend
	Observer Observer
	// Secrets are variables, "KEY=value", for trusted programs alone: no plan holds
	// them, and so nothing stores or shows them.
	Secrets []string
	// Pick chooses processors for a measured run that may use so many at a time, or
	// says why there are none.
	Pick func(cpus float64) (ids []int, why string)
	// Calibrate says how many ms a fixed piece of work takes now.
	Calibrate func() float64
	// Retake is how long a run may take disturbed samples again.
	Retake time.Duration
	// Watch sees what these processors do, nil being all there are.
	Watch func(cpus []int) (watch Watch, processors int, err error)
}

// Execute carries out one run. Whatever happens becomes a measurement: also a
// machinery that breaks, with the cause.
func (w *Worker) Execute(ctx context.Context, run *bench.Run, plan *bench.Plan) *bench.Measurement {
	defer w.Observer.Done(run.ID)
	t, err := w.begin(ctx, run, plan)
	if err == nil {
		defer t.watch(t.cpus)()
		defer t.glance()()
		err = t.take(ctx)
	}
	if err != nil {
		fail(ctx, t.m, err)
	}
	return t.end(ctx)
}

// begin opens the session of a run. What it gives must be ended, also after an
// error.
func (w *Worker) begin(ctx context.Context, run *bench.Run, plan *bench.Plan) (*taking, error) {
	m := &bench.Measurement{Receipt: []bench.Receipt{}, TimeSource: bench.TimeByRunner}
	t := &taking{worker: w, run: run, plan: plan, m: m}
	if t.timesItself() {
		m.TimeSource = bench.TimeByProgram
	}
	var err error
	w.calibrate(plan, m)
	cpus, why := w.pick(plan)
	t.session, err = w.open(ctx, run, plan, m, cpus, why)
	t.cpus, t.started = cpus, time.Now()
	return t, err
}

// end closes the session and completes the measurement.
func (t *taking) end(ctx context.Context) *bench.Measurement {
	m := t.m
	if t.session != nil {
		account := t.session.Account(context.WithoutCancel(ctx))
		m.Receipt, m.Usage.Tree = account.Receipt, account.Tree
		if account.Cold {
			m.Timeline = slices.Insert(m.Timeline, 0, bench.Instant{Event: bench.EventCold, At: t.started})
		}
		if err := t.session.Close(); err != nil {
			m.Warnings = append(m.Warnings, bench.Warning{Code: "not_cleared", Message: "The boundary could not be cleared: " + err.Error()})
		}
	}
	m.Ended = time.Now().UTC()
	total := float64(m.Ended.Sub(*t.run.StartedAt).Microseconds()) / 1000
	m.Usage.ExecutionTime = &total
	return m
}

// fail turns an error of the machinery into the verdict that it means.
func fail(ctx context.Context, m *bench.Measurement, err error) {
	m.Error = err.Error()
	switch {
	case context.Cause(ctx) != nil:
		m.Verdict, m.Error = bench.Cancelled, ""
	case bench.CodeOf(err) == bench.CodeUnavailable:
		m.Verdict = bench.IsolationUnavailable
	case bench.CodeOf(err) == bench.CodeInvalid: // an image or a file that only the boundary could judge
		m.Verdict = bench.StartFailed
	default:
		m.Verdict = bench.InternalError
	}
}

// open opens a session under the isolation that was asked for, or, where that
// is allowed, one step weaker for each that the machine can't give.
func (w *Worker) open(ctx context.Context, run *bench.Run, plan *bench.Plan, m *bench.Measurement, cpus []int, why string) (sandbox.Session, error) {
	stdin, err := standardInput(plan)
	if err != nil {
		return nil, err
	}
	spec := sandbox.Spec{
		Run: run.ID, Attempt: run.Attempt, Trusted: plan.Trusted, Measured: plan.Kind.Measured(),
		Limits: plan.Enforce, Strict: plan.Strict, Builtin: plan.Builtin != "", Image: plan.Image, Files: plan.Files, Stdin: stdin,
		Dir:  plan.Dir,
		CPUs: cpus, WhyAll: why,
	}
	var reasons []error
	for isolation := plan.Requested; ; {
		session, err := w.openOne(ctx, isolation, plan, spec)
		if err == nil {
			m.Effective = &isolation
			if len(reasons) > 0 {
				m.Fallback = errors.Join(reasons...).Error()
			}
			return session, nil
		}
		reasons = append(reasons, err)
		weaker, ok := isolation.Weaker()
		if !ok || !mayFallBack(plan, weaker, err) {
			return nil, reasons[0]
		}
		isolation = weaker
	}
}

func (w *Worker) openOne(ctx context.Context, isolation bench.Isolation, plan *bench.Plan, spec sandbox.Spec) (sandbox.Session, error) {
	if isolation == bench.InProcess && plan.Kind != bench.KindBuiltin {
		return nil, sandbox.Unavailable("choose process or container", "only built-in benchmarks can run in-process")
	}
	backend := w.Backends[isolation]
	if backend == nil {
		return nil, sandbox.Unavailable("see 'orchestrator doctor'", "this server has no %s isolation", isolation)
	}
	return backend.Open(ctx, spec)
}

// mayFallBack: only trusted benchmarks, only where configured, only when the
// machinery could not start, and inside the server only registered functions.
func mayFallBack(plan *bench.Plan, weaker bench.Isolation, err error) bool {
	return plan.Trusted && plan.Fallback && bench.CodeOf(err) == bench.CodeUnavailable &&
		(weaker != bench.InProcess || plan.Kind == bench.KindBuiltin)
}

// environment is what the program gets: the caller's few variables if it is
// trusted, what is configured, what the definition adds. Sorted, so that every
// sample's job is the same.
func (w *Worker) environment(plan *bench.Plan, where bench.Isolation) []string {
	env := map[string]string{"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
	if plan.Trusted && where != bench.Container { // which has folders and programs of its own
		maps.Copy(env, plan.Host)
	}
	maps.Copy(env, plan.Env)
	list := make([]string, 0, len(env))
	for _, key := range slices.Sorted(maps.Keys(env)) {
		list = append(list, key+"="+env[key])
	}
	if plan.Trusted {
		list = sandbox.WithDefaults(list, w.Secrets...)
	}
	return list
}
