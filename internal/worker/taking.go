package worker

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// taking is one run under way: warm-ups, then samples, until there are enough
// or one is not ok.
type taking struct {
	worker  *Worker
	run     *bench.Run
	plan    *bench.Plan
	session sandbox.Session
	m       *bench.Measurement
	started time.Time

	start *sandbox.Moment // of the first execution
	exec  sandbox.Exec
	cpu   *sandbox.CPU // of the samples so far
}

// Default number of samples of a command: enough for an interval, for long
// enough to see some noise, and not for ever.
const (
	minSamples = 10
	minTime    = 3 * time.Second
	maxSamples = 1000
)

func (t *taking) take(ctx context.Context) error {
	t.exec = sandbox.Exec{
		Builtin: t.plan.Builtin, Argv: t.plan.Command, Env: environment(t.plan, *t.m.Effective), Dir: t.plan.Dir,
		Timeout: millis(t.plan.TimeoutMillis()), Grace: millis(t.plan.GraceMillis()),
		Output: func(stdout bool, chunk []byte) { t.worker.Observer.Output(t.run.ID, stdout, chunk) },
	}
	if t.plan.Build != nil {
		if ok, err := t.build(ctx); !ok || err != nil {
			return err
		}
	}
	if t.plan.Kind != bench.KindCommand {
		return t.takeOnce(ctx)
	}
	for i := range t.plan.Warmups() {
		if ok, err := t.sample(ctx, i, true); !ok || err != nil {
			return err
		}
	}
	for i, begun := 0, time.Now(); !t.enough(i, time.Since(begun)); i++ {
		if ok, err := t.sample(ctx, i, false); !ok || err != nil {
			return err
		}
	}
	return nil
}

// build makes the program of its files. It is never timed; if it is not ok, the
// run ends with it and shows its output.
func (t *taking) build(ctx context.Context) (bool, error) {
	sample := t.exec
	defer func() { t.exec = sample }()
	b := t.plan.Build
	t.exec.Builtin, t.exec.Argv, t.exec.Build = "", b.Command, true
	t.exec.Limits = b.Limits.Over(t.plan.Enforce)
	t.exec.Timeout = millis(cmp.Or(b.Timeout, t.plan.TimeoutMillis()))
	o, err := t.execute(ctx)
	if err != nil || o.Verdict == bench.OK {
		return err == nil, err
	}
	t.m.Error = strings.TrimSpace("The build did not end well. " + t.m.Error)
	return false, nil
}

func millis(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// enough says whether a command has been sampled enough.
func (t *taking) enough(n int, elapsed time.Duration) bool {
	if n > 0 && t.overBudget() {
		if wanted := cmp.Or(t.plan.Iterations, minSamples); n < wanted {
			t.warn("budget_reached", fmt.Sprintf("The budget of %v was over after %d of %d samples.",
				millis(t.plan.Budget), n, wanted))
		}
		return true
	}
	if t.plan.Iterations > 0 {
		return n >= t.plan.Iterations
	}
	return n >= maxSamples || (n >= minSamples && elapsed >= minTime)
}

func (t *taking) overBudget() bool {
	return t.plan.Budget > 0 && time.Since(t.started) >= millis(t.plan.Budget)
}

// sample executes the command once. It is false when the run ends with it.
func (t *taking) sample(ctx context.Context, index int, warmup bool) (bool, error) {
	o, err := t.execute(ctx)
	if err != nil {
		return false, err
	}
	if o.Verdict != bench.StartFailed {
		t.m.Samples = append(t.m.Samples, sampleOf(o, index, warmup))
		t.m.LastFailed = o.Verdict != bench.OK
	}
	if !warmup {
		t.use(o)
	}
	t.progress(index+1, warmup, o.Wall)
	return o.Verdict == bench.OK, nil
}

func sampleOf(o *sandbox.Outcome, index int, warmup bool) bench.Sample {
	s := bench.Sample{
		Index: index, Warmup: warmup, Wall: float64(o.Wall) / 1e6, MaxRSS: o.MaxRSS, ExitCode: o.Death.Code,
	}
	if o.CPU != nil {
		us := float64(o.CPU.Total()) / 1e3
		s.CPU = &us
	}
	return s
}

// takeOnce executes a program whose one execution is the whole run.
func (t *taking) takeOnce(ctx context.Context) error {
	o, err := t.execute(ctx)
	if err != nil {
		return err
	}
	t.use(o)
	if t.plan.Kind == bench.KindTests {
		if o.Verdict != bench.StartFailed {
			t.m.Samples = []bench.Sample{sampleOf(o, 0, false)}
		}
		return nil
	}
	if o.Verdict == bench.OK {
		t.readResult(o)
	}
	return nil
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
	for i, ms := range samples {
		t.m.Samples = append(t.m.Samples, bench.Sample{Index: i, Wall: ms})
	}
}

// execute runs the program once and notes how it ended.
func (t *taking) execute(ctx context.Context) (*sandbox.Outcome, error) {
	if context.Cause(ctx) != nil {
		return nil, context.Cause(ctx)
	}
	exec := t.exec
	if t.plan.Budget > 0 {
		left := millis(t.plan.Budget) - time.Since(t.started)
		exec.Timeout = max(min(exec.Timeout, left), time.Millisecond)
	}
	o, err := t.session.Run(ctx, exec)
	if err != nil {
		return nil, err
	}
	if o.Verdict == bench.Timeout && exec.Timeout < t.exec.Timeout && o.Reason == "" {
		o.Reason = fmt.Sprintf("The budget of %v for the whole run was over.", millis(t.plan.Budget))
	}
	t.note(o)
	return o, nil
}

// note keeps what is said of the run as a whole: the end of the last execution,
// the start of the first, the sum of the counters.
func (t *taking) note(o *sandbox.Outcome) {
	m := t.m
	m.Verdict, m.Death, m.Error = o.Verdict, &o.Death, o.Reason
	m.Output, m.Produced = o.Output, [2]int64{o.StdoutProduced, o.StderrProduced}
	m.Evidence = m.Evidence.Plus(o.Evidence)
	m.Usage.TreePeak = o.TreePeak
	for _, w := range o.Notes {
		t.warn(w.Code, w.Message)
	}
	if o.Evidence.StdoutDropped+o.Evidence.StderrDropped > 0 {
		t.warn("output_truncated", "The program printed more than the output limit keeps; the rest was read and counted.")
	}
	t.addMoments(o.Moments)
}

// addMoments keeps the first start and the end of the last execution.
func (t *taking) addMoments(moments []sandbox.Moment) {
	if t.start == nil && len(moments) > 0 && moments[0].Event == bench.EventStarted {
		t.start = &moments[0]
	}
	t.m.Timeline = nil
	if t.start != nil {
		t.m.Timeline = append(t.m.Timeline, bench.Instant(*t.start))
	}
	for _, moment := range moments {
		if moment.Event != bench.EventStarted {
			t.m.Timeline = append(t.m.Timeline, bench.Instant(moment))
		}
	}
}

// use adds what a sample cost; warm-ups are left out.
func (t *taking) use(o *sandbox.Outcome) {
	u := &t.m.Usage
	if o.MaxRSS != nil && (u.MaxRSS == nil || *o.MaxRSS > *u.MaxRSS) {
		u.MaxRSS = o.MaxRSS
	}
	u.Sources = o.Sources
	if o.CPU == nil {
		return
	}
	if t.cpu == nil {
		t.cpu = &sandbox.CPU{}
	}
	t.cpu.User += o.CPU.User
	t.cpu.System += o.CPU.System
	user, system := t.cpu.User.Microseconds(), t.cpu.System.Microseconds()
	u.CPUTime = bench.CPUTime{User: &user, System: &system, Coarse: t.cpu.Total() < time.Second}
}

// warn adds a warning once.
func (t *taking) warn(code, message string) {
	for _, w := range t.m.Warnings {
		if w.Code == code {
			return
		}
	}
	t.m.Warnings = append(t.m.Warnings, bench.Warning{Code: code, Message: message})
}

func (t *taking) progress(done int, warmup bool, last time.Duration) {
	p := bench.Progress{Warmup: warmup, Done: done}
	of := t.plan.Iterations
	if warmup {
		of = t.plan.Warmups()
	}
	if of > 0 {
		p.Of = &of
	}
	ms := float64(last) / 1e6
	p.Last = &ms
	t.worker.Observer.Progress(t.run.ID, p)
}
