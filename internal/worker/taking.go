package worker

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/stats"
)

// taking is one run under way: warm-ups, then samples, until there are enough
// or one is not ok.
type taking struct {
	worker  *Worker
	run     *bench.Run
	plan    *bench.Plan
	session sandbox.Session
	m       *bench.Measurement
	cpus    []int // of its own, if it has some
	started time.Time
	built   bool          // so that cleanup is due, however the run ends
	waited  time.Duration // for the other side of a pair: not of our budget
	of      int           // samples of one side of a pair; 0 if the run is alone

	start  *sandbox.Moment // of the first execution
	exec   sandbox.Exec
	cpu    *sandbox.CPU // of the samples so far
	quiet  quiet
	lookAt int // how many samples the interval is looked at with next

	warmed    int  // warm-ups among the samples
	repeating bool // what is taken now are samples that were disturbed
}

func (t *taking) take(ctx context.Context) error {
	ok, err := t.ready(ctx)
	if ok && err == nil {
		t.quiet.begin(len(t.m.Samples))
		defer t.endOfSamples()
	}
	for begun := time.Now(); ok && err == nil && !t.enough(time.Since(begun)); {
		ok, err = t.once(ctx)
	}
	if ok && err == nil {
		err = t.again(ctx)
	}
	t.cleanUp(ctx, err)
	return err
}

// ready does all that comes before the first sample: build, setup, warm-ups.
func (t *taking) ready(ctx context.Context) (ok bool, err error) {
	t.exec = sandbox.Exec{
		Builtin: t.plan.Builtin, Argv: t.plan.Command, Env: t.worker.environment(t.plan, *t.m.Effective), Dir: t.plan.Dir,
		Timeout: millis(t.plan.TimeoutMillis()), Grace: millis(t.plan.GraceMillis()),
		Output: func(stdout bool, chunk []byte) { t.worker.Observer.Output(t.run.ID, stdout, chunk) },
	}
	if t.built, err = t.build(ctx); !t.built || err != nil {
		return false, err
	}
	if ok, err := t.setUp(ctx); !ok || err != nil || t.timesItself() {
		return ok, err
	}
	return t.warmUp(ctx)
}

// timesItself says whether one execution takes several samples.
func (t *taking) timesItself() bool {
	return t.plan.Kind == bench.KindBuiltin || t.plan.Kind == bench.KindProtocol
}

// once takes one more sample, or as many as the program takes by itself. It is
// false when the run ends with it.
func (t *taking) once(ctx context.Context) (bool, error) {
	if t.timesItself() {
		return t.surrounded(ctx, t.round)
	}
	if t.plan.Kind == bench.KindReport {
		return t.surrounded(ctx, t.report)
	}
	return t.surrounded(ctx, t.sample)
}

func (t *taking) warmUp(ctx context.Context) (bool, error) {
	for i := range t.plan.Warmups() {
		ok, err := t.surrounded(ctx, func(ctx context.Context) (bool, error) {
			return t.record(ctx, i, true)
		})
		if !ok || err != nil {
			return false, err
		}
	}
	t.warmed = t.plan.Warmups()
	return true, nil
}

func millis(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// sample executes the command once more.
func (t *taking) sample(ctx context.Context) (bool, error) {
	return t.record(ctx, len(t.m.Samples)-t.warmed, false)
}

// record executes the command once. It is false when the run ends with it.
func (t *taking) record(ctx context.Context, index int, warmup bool) (bool, error) {
	o, err := t.execute(ctx)
	if err != nil {
		return false, err
	}
	if o.Verdict != bench.StartFailed {
		t.m.Samples = append(t.m.Samples, sampleOf(o, index, warmup))
		t.m.LastFailed = o.Verdict != bench.OK && t.plan.Kind != bench.KindTests
	}
	if !warmup {
		t.use(o)
		t.quiet.judge(t.m.Samples, false)
	}
	t.progress(index+1, warmup, o.Wall)
	return o.Verdict == bench.OK, nil
}

func sampleOf(o *sandbox.Outcome, index int, warmup bool) bench.Sample {
	s := bench.Sample{
		Index: index, Warmup: warmup, Wall: float64(o.Wall) / 1e6, MaxRSS: o.MaxRSS, ExitCode: o.Death.Code,
		Switches: o.Switches, Throttled: o.Evidence.ThrottledTime,
	}
	if o.CPU != nil {
		user, system := float64(o.CPU.User)/1e3, float64(o.CPU.System)/1e3
		us := float64(o.CPU.Total()) / 1e3
		s.CPU, s.User, s.System = &us, &user, &system
	}
	return s
}

// round executes a program that takes several samples by itself.
func (t *taking) round(ctx context.Context) (bool, error) {
	o, err := t.execute(ctx)
	if err != nil {
		return false, err
	}
	t.use(o)
	if o.Verdict == bench.OK {
		t.readResult(o)
		t.quiet.judge(t.m.Samples, false)
	}
	return t.m.Verdict == bench.OK, nil
}

// readResult takes the times that a program reports of itself.
func (t *taking) readResult(o *sandbox.Outcome) {
	if o.Evidence.StdoutDropped > 0 {
		t.m.Verdict = bench.OutputLimit
		t.m.Error = fmt.Sprintf("The program's result has %d bytes and the output limit is %d.",
			o.StdoutProduced, t.plan.Enforce.Output)
		return
	}
	samples, err := bench.DecodeProtocolResult(o.Output.Stdout, protocolConfig(t.plan), float64(o.Wall)/1e6)
	if err != nil {
		t.m.Verdict, t.m.Error = bench.InternalError, err.Error()
		return
	}
	if t.of > 0 { // what takes turns is a whole execution: its median stands for it
		samples = []float64{stats.Summarize(samples).Median}
		t.progress(len(t.m.Samples)+1, false, millis(samples[0]))
	}
	for _, ms := range samples {
		t.m.Samples = append(t.m.Samples, bench.Sample{Index: len(t.m.Samples), Wall: ms})
	}
}

// execute runs the program once and notes how it ended.
func (t *taking) execute(ctx context.Context) (*sandbox.Outcome, error) {
	exec := t.exec
	exec.Continue = len(t.plan.Prepare) > 0
	o, err := t.within(ctx, exec)
	if err != nil {
		return nil, err
	}
	if o.Verdict == bench.NonzeroExit && o.Death.Code != nil && t.plan.IgnoreExit.Has(*o.Death.Code) {
		o.Verdict = bench.OK
	}
	t.note(o)
	return o, nil
}

// within runs something once, within what is left of the budget.
func (t *taking) within(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
	if context.Cause(ctx) != nil {
		return nil, context.Cause(ctx)
	}
	own := exec.Timeout
	if t.plan.Budget > 0 {
		left := millis(t.plan.Budget) - t.spent()
		exec.Timeout = max(min(own, left), time.Millisecond)
	}
	o, err := t.session.Run(ctx, exec)
	t.quiet.spent(o)
	if err == nil && o.Verdict == bench.Timeout && exec.Timeout < own && o.Reason == "" {
		o.Evidence.LimitReached = new(bench.LimitBudget)
		o.Reason = fmt.Sprintf("The budget of %v for the whole run was over.", millis(t.plan.Budget))
	}
	return o, err
}

func (t *taking) progress(done int, warmup bool, last time.Duration) {
	p := bench.Progress{Warmup: warmup, Done: done}
	wanted := t.plan.Samples()
	if of := cmp.Or(t.of, wanted.Max); !warmup && !t.repeating && (t.of > 0 || wanted.Min == of) {
		p.Of = &of
	}
	if of := t.plan.Warmups(); warmup {
		p.Of = &of
	}
	ms := float64(last) / 1e6
	p.Last = &ms
	t.worker.Observer.Progress(t.run.ID, p)
}
