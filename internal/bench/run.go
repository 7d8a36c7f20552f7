package bench

import "time"

// State is where a run stands.
type State string

// The states, in order.
const (
	Queued   State = "queued"
	Running  State = "running"
	Finished State = "finished"
)

// Verdict says how a finished run ended: exactly one of these.
type Verdict string

// The verdicts.
const (
	OK                   Verdict = "ok"
	NonzeroExit          Verdict = "nonzero_exit"
	Signaled             Verdict = "signaled"
	Timeout              Verdict = "timeout"
	CPULimit             Verdict = "cpu_limit"
	OOM                  Verdict = "oom"
	PidsLimit            Verdict = "pids_limit"
	OutputLimit          Verdict = "output_limit"
	DiskLimit            Verdict = "disk_limit"
	Cancelled            Verdict = "cancelled"
	StartFailed          Verdict = "start_failed"
	IsolationUnavailable Verdict = "isolation_unavailable"
	Interrupted          Verdict = "interrupted"
	InternalError        Verdict = "internal_error"
)

// Verdicts lists all of them.
var Verdicts = []Verdict{
	OK, NonzeroExit, Signaled, Timeout, CPULimit, OOM, PidsLimit, OutputLimit, DiskLimit,
	Cancelled, StartFailed, IsolationUnavailable, Interrupted, InternalError,
}

// Rating is an ok run against its target.
type Rating string

// The ratings.
const (
	Fast   Rating = "fast"
	Slow   Rating = "slow"
	Unsure Rating = "unsure" // the interval straddles the target
)

// Run is one execution of a benchmark: warm-ups, then samples.
type Run struct {
	ID        string  `json:"id"`
	Batch     *string `json:"batch"`
	Benchmark string  `json:"benchmark" doc:"its name"`
	Slug      string  `json:"slug"`
	Category  string  `json:"category"`
	Kind      Kind    `json:"kind" enum:"builtin,command,protocol,report,tests"`
	Trusted   bool    `json:"trusted"`
	// Definition is the hash of what ran: see Benchmark.Hash.
	Definition string `json:"definition"`
	// Revision and Confirms are of runs that have a history: trusted ones.
	Revision *Revision `json:"revision" doc:"the code that is measured; null where nobody said"`
	Confirms *string   `json:"confirms" doc:"run that this one repeats, to see whether a change is real"`
	Attempt  int       `json:"attempt"`
	State    State     `json:"state" enum:"queued,running,finished"`
	Verdict  *Verdict  `json:"verdict" enum:"ok,nonzero_exit,signaled,timeout,cpu_limit,oom,pids_limit,output_limit,disk_limit,cancelled,start_failed,isolation_unavailable,interrupted,internal_error" doc:"null until finished"`
	Rating   *Rating   `json:"rating" enum:"fast,slow,unsure" doc:"of an ok run with a target"`
	Target   *float64  `json:"target" doc:"ms per iteration; bytes where targetOn is memory"`
	TargetOn TargetOn  `json:"targetOn" enum:"median,p95,cpu,memory" doc:"the figure that the target bounds"`
	Rated    *Figure   `json:"rated" doc:"that figure as measured, in the unit of target; null without a target or a figure"`
	Time     Time      `json:"time"`
	Labels   Labels    `json:"labels" doc:"parameters of its definition"`

	Isolation     RunIsolation  `json:"isolation"`
	ResourceUsage ResourceUsage `json:"resourceUsage"`

	ExitCode *int     `json:"exitCode"`
	Signal   *string  `json:"signal"`
	Death    *Death   `json:"death" doc:"the mechanics of the end; null if nothing was started"`
	Timeline []Moment `json:"timeline"`
	Evidence Evidence `json:"evidence"`

	Stdout Stream `json:"stdout"`
	Stderr Stream `json:"stderr"`

	Error       *string   `json:"error"`
	Warnings    []Warning `json:"warnings"`
	Disturbed   *int      `json:"disturbed" doc:"samples in the figures beside which the machine was busy with something else; null if nobody looked"`
	SetAside    int       `json:"setAside" doc:"samples that are stored and in no figure, because the machine was busy beside them and others were taken"`
	Calibration *float64  `json:"calibration" doc:"ms that a fixed piece of work took on this machine, less than a minute before: where it moved too, the machine changed"`
	Machine     *string   `json:"machine" doc:"fingerprint: see /machines"`

	PairedWith *string `json:"pairedWith" doc:"the run that it took its samples in turns with: see /comparisons; null if it was alone"`
	Side       *Side   `json:"side" enum:"a,b" doc:"which side of the comparison it is; null if it was alone"`

	CreatedAt  time.Time  `json:"createdAt"`
	StartedAt  *time.Time `json:"startedAt"`
	FinishedAt *time.Time `json:"finishedAt"`
}

// Time sums up the samples, in milliseconds per iteration. The interval is of
// the median at 95 %, and absent under six samples.
type Time struct {
	Median *float64 `json:"median"`
	Mean   *float64 `json:"mean"`
	Min    *float64 `json:"min"`
	Max    *float64 `json:"max"`
	Stddev *float64 `json:"stddev"`
	CILow  *float64 `json:"ciLow"`
	CIHigh *float64 `json:"ciHigh"`
	P95    *float64 `json:"p95" doc:"null under 20 samples"`
	N      int      `json:"n"`
	Source *string  `json:"source" doc:"whose clock: the runner's, or the program's own"`
}

// Sources of times.
const (
	TimeByRunner  = "runner, monotonic clock"
	TimeByProgram = "self-reported by the program"
)

// ResourceUsage is what a run cost, warm-ups left out.
type ResourceUsage struct {
	MaxRSS        *int64       `json:"maxRSS" doc:"bytes: the highest sample's"`
	CPUTime       CPUTime      `json:"cpuTime"`
	ExecutionTime *float64     `json:"executionTime" doc:"ms: from taking the run until its boundary was empty"`
	TreePeak      *int64       `json:"treePeak" doc:"bytes: the cgroup's peak"`
	Tree          TreeUsage    `json:"tree"`
	Sources       UsageSources `json:"sources"`
}

// CPUTime is in microseconds, the sum over samples.
type CPUTime struct {
	User   *int64 `json:"user"`
	System *int64 `json:"system"`
	Coarse bool   `json:"coarse" doc:"under a second the split is the scheduler's guess; the sum is exact"`
}

// TreeUsage is what the control group says of the whole tree, warm-ups included.
type TreeUsage struct {
	Files        *int64 `json:"files" doc:"bytes of memory held by files at the end: tmpfs and page cache"`
	PidsPeak     *int64 `json:"pidsPeak" doc:"most processes and threads, the runner's among them; null where an earlier run in the same boundary had as many"`
	BlockRead    *int64 `json:"blockRead" doc:"bytes read from block devices"`
	BlockWritten *int64 `json:"blockWritten" doc:"bytes written to block devices"`
	StallCPU     *int64 `json:"stallCPU" doc:"µs that something waited for a processor (PSI)"`
	StallMemory  *int64 `json:"stallMemory" doc:"µs that something waited for memory (PSI)"`
	StallIO      *int64 `json:"stallIO" doc:"µs that something waited for I/O (PSI)"`
}

// UsageSources names where each figure was read.
type UsageSources struct {
	MaxRSS  *string `json:"maxRSS"`
	CPUTime *string `json:"cpuTime"`
}

// Death is the mechanics of a program's end.
type Death struct {
	How    string  `json:"how" enum:"exited,signaled,not_started,not_ended"`
	Code   *int    `json:"code"`
	Signal *string `json:"signal"`
	SentBy *string `json:"sentBy" doc:"who sent the signal: benchcell, the kernel, or the program's own side"`
}

// Moment is one event of a run, in milliseconds after it was queued.
type Moment struct {
	Event string  `json:"event" enum:"queued,taken,cold,started,sigterm,sigkill,exited,empty"`
	At    float64 `json:"at" doc:"ms since the run was queued"`
}

// Events of the timeline.
const (
	EventQueued  = "queued"
	EventTaken   = "taken"
	EventCold    = "cold" // a boundary had to be made while the run waited
	EventStarted = "started"
	EventSigterm = "sigterm"
	EventSigkill = "sigkill"
	EventExited  = "exited"
	EventEmpty   = "empty"
)

// Evidence holds the counters behind a verdict. Null was not measured.
type Evidence struct {
	OOMKills         *int64   `json:"oomKills"`
	PidsRefused      *int64   `json:"pidsRefused"`
	StdoutDropped    int64    `json:"stdoutDropped" doc:"bytes past the output limit"`
	StderrDropped    int64    `json:"stderrDropped"`
	ThrottledPeriods *int64   `json:"throttledPeriods"`
	ThrottledTime    *float64 `json:"throttledTime" doc:"ms"`
	Leftovers        *int64   `json:"leftovers" doc:"processes that outlived the program and were killed"`
	LimitReached     *string  `json:"limitReached" doc:"the limit for which the program was ended"`
}

// Stream is one output of the program, of the last sample.
type Stream struct {
	Bytes     int64  `json:"bytes" doc:"produced"`
	Kept      int64  `json:"kept"`
	Truncated bool   `json:"truncated"`
	Tail      string `json:"tail" doc:"the end of what was kept; invalid UTF-8 replaced"`
}

// Warning is something a reader of the figures must know, with advice.
type Warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Sample is one timed execution or iteration.
type Sample struct {
	Index    int      `json:"index" doc:"from 0, in the order they ran; warm-ups count apart"`
	Warmup   bool     `json:"warmup"`
	Wall     float64  `json:"wall" doc:"ms"`
	CPU      *float64 `json:"cpu" doc:"µs, user and system"`
	User     *float64 `json:"user" doc:"µs"`
	System   *float64 `json:"system" doc:"µs"`
	MaxRSS   *int64   `json:"maxRSS" doc:"bytes"`
	ExitCode *int     `json:"exitCode"`
	// Disturbed lists Causes.
	Disturbed *string `json:"disturbed" doc:"what the machine did beside it that slows a sample: others, steal, swapping, frequency, thermal, comma-separated; null if nothing was seen or nobody looked"`
	SetAside  bool    `json:"setAside" doc:"disturbed, and another was taken in its place, or taken in the place of another and disturbed too: in no figure"`

	Switches  *int64   `json:"switches" doc:"times that the kernel took the processor from the program"`
	Throttled *float64 `json:"throttled" doc:"ms that its own limit of processors kept it waiting"`
	Quality   *Quality `json:"quality" doc:"what the machine did meanwhile; null if nobody looked"`
}

// Output is what was kept of the two streams.
type Output struct{ Stdout, Stderr []byte }

// Plus adds the counters of another execution. What was not measured in either
// stays absent; the limit that ended the later one is kept.
func (e Evidence) Plus(o Evidence) Evidence {
	return Evidence{
		OOMKills:         sum(e.OOMKills, o.OOMKills),
		PidsRefused:      sum(e.PidsRefused, o.PidsRefused),
		StdoutDropped:    e.StdoutDropped + o.StdoutDropped,
		StderrDropped:    e.StderrDropped + o.StderrDropped,
		ThrottledPeriods: sum(e.ThrottledPeriods, o.ThrottledPeriods),
		ThrottledTime:    sum(e.ThrottledTime, o.ThrottledTime),
		Leftovers:        sum(e.Leftovers, o.Leftovers),
		LimitReached:     o.LimitReached,
	}
}

func sum[T int64 | float64](a, b *T) *T {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	both := *a + *b
	return &both
}
