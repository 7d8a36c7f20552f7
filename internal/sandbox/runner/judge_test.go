package runner

import (
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/runner/frame"
)

func count(n int64) *int64 { return &n }

// The first cause wins: what the kernel refused or killed came before our clock.
func TestVerdict(t *testing.T) {
	exited := func(code int64) frame.Result { return frame.Result{Status: frame.Exited, Code: code} }
	signaled := func(sig int64) frame.Result { return frame.Result{Status: frame.Signaled, Code: sig} }
	ended := func(r frame.Result, c frame.Cause) frame.Result {
		r.Cause = c
		return r
	}
	for name, c := range map[string]struct {
		result frame.Result
		seen   bench.Evidence
		strict bool
		want   bench.Verdict
	}{
		"ok":                          {result: exited(0), want: bench.OK},
		"exit code":                   {result: exited(137), want: bench.NonzeroExit},
		"signal":                      {result: signaled(9), want: bench.Signaled},
		"timeout":                     {result: ended(signaled(15), frame.CauseTimeout), want: bench.Timeout},
		"timeout, ended by itself":    {result: ended(exited(0), frame.CauseTimeout), want: bench.Timeout},
		"cancelled":                   {result: ended(signaled(15), frame.CauseCancel), want: bench.Cancelled},
		"CPU time":                    {result: ended(signaled(9), frame.CauseCPU), want: bench.CPULimit},
		"file size":                   {result: signaled(25), want: bench.DiskLimit},
		"OOM":                         {result: signaled(9), seen: bench.Evidence{OOMKills: count(1)}, want: bench.OOM},
		"OOM of a child":              {result: exited(0), seen: bench.Evidence{OOMKills: count(1)}, want: bench.OOM},
		"OOM, then hung":              {result: ended(signaled(15), frame.CauseTimeout), seen: bench.Evidence{OOMKills: count(1)}, want: bench.OOM},
		"fork refused, failed":        {result: exited(1), seen: bench.Evidence{PidsRefused: count(3)}, want: bench.PidsLimit},
		"fork refused, hung":          {result: ended(signaled(15), frame.CauseTimeout), seen: bench.Evidence{PidsRefused: count(3)}, want: bench.PidsLimit},
		"fork refused, coped":         {result: exited(0), seen: bench.Evidence{PidsRefused: count(3)}, want: bench.OK},
		"nothing refused":             {result: exited(1), seen: bench.Evidence{PidsRefused: count(0), OOMKills: count(0)}, want: bench.NonzeroExit},
		"too much output, strict":     {result: frame.Result{Status: frame.Exited, StdoutBytes: 11}, strict: true, want: bench.OutputLimit},
		"too much output, not strict": {result: frame.Result{Status: frame.Exited, StdoutBytes: 11}, want: bench.OK},
		"not started":                 {result: frame.Result{Status: frame.NotStarted, Code: 2, Failed: frame.StepExec}, want: bench.StartFailed},
	} {
		r := Report{Result: c.result}
		o := r.Outcome(&frame.Job{Argv: []string{"x"}, Output: 10, StrictOutput: c.strict}, c.seen)
		if o.Verdict != c.want {
			t.Errorf("%s: %s, want %s", name, o.Verdict, c.want)
		}
	}
}

func TestSender(t *testing.T) {
	for name, c := range map[string]struct {
		result frame.Result
		seen   bench.Evidence
		want   string
	}{
		"itself":          {frame.Result{Code: 9, SigtermAt: -1, SigkillAt: -1}, bench.Evidence{}, "program"},
		"us, by TERM":     {frame.Result{Code: 15, SigtermAt: 5, SigkillAt: -1, ExitedAt: 6}, bench.Evidence{}, "benchcell"},
		"us, by KILL":     {frame.Result{Code: 9, SigtermAt: 5, SigkillAt: 6, ExitedAt: 7}, bench.Evidence{}, "benchcell"},
		"before the rest": {frame.Result{Code: 9, SigtermAt: -1, ExitedAt: 6, SigkillAt: 7}, bench.Evidence{}, "program"},
		"OOM, then rest":  {frame.Result{Code: 9, SigtermAt: -1, ExitedAt: 6, SigkillAt: 7}, bench.Evidence{OOMKills: count(1)}, "kernel"},
		"the OOM killer":  {frame.Result{Code: 9, SigtermAt: -1, SigkillAt: -1}, bench.Evidence{OOMKills: count(1)}, "kernel"},
		"a foreign call":  {frame.Result{Code: 31, SigtermAt: -1, SigkillAt: -1}, bench.Evidence{}, "kernel"},
		"a bad access":    {frame.Result{Code: 11, SigtermAt: -1, SigkillAt: -1}, bench.Evidence{}, "kernel"},
		"its own SIGTERM": {frame.Result{Code: 15, SigtermAt: -1, SigkillAt: -1}, bench.Evidence{}, "program"},
	} {
		c.result.Status = frame.Signaled
		r := Report{Result: c.result}
		if d := r.death(c.seen); *d.SentBy != c.want {
			t.Errorf("%s: sent by %s", name, *d.SentBy)
		}
	}
}

// What is kept of each sample must not keep its output: a program that is repeated a
// million times would fill the memory of the server.
func TestFiguresDoNotHoldTheOutput(t *testing.T) {
	report := &Report{Result: frame.Result{Status: frame.Exited, MaxRSS: 1, InvoluntarySwitches: 2, Leftovers: 3}, Stdout: make([]byte, 1<<20)}
	gone := weak.Make(report)
	o := report.Outcome(&frame.Job{Argv: []string{"x"}}, bench.Evidence{})
	kept := []any{o.MaxRSS, o.Switches, o.Death.Code, o.Evidence.Leftovers, o.CPU, o.Moments}
	report, o = nil, nil
	runtime.GC()
	if gone.Value() != nil {
		t.Error("the report is held by its figures")
	}
	runtime.KeepAlive(kept)
}

// The control group counts what the clocks of the tree could not see.
func TestCPUTimeThatWasNeverWaitedFor(t *testing.T) {
	ms := func(n int64) *int64 { return count(n * 1e6) }
	for name, c := range map[string]struct {
		limit, counted int64
		cause          frame.Cause
		want           bench.Verdict
	}{
		"within":            {limit: 400, counted: 300, want: bench.OK},
		"beyond":            {limit: 400, counted: 500, want: bench.CPULimit},
		"beyond, then hung": {limit: 400, counted: 500, cause: frame.CauseTimeout, want: bench.CPULimit},
		"cancelled":         {limit: 400, counted: 500, cause: frame.CauseCancel, want: bench.Cancelled},
		"no limit":          {counted: 500, want: bench.OK},
	} {
		job := &frame.Job{Argv: []string{"x"}, CPUTime: *ms(c.limit)}
		r := Report{Result: frame.Result{Status: frame.Exited, Cause: c.cause, UserTime: *ms(10)}}
		o := r.Outcome(job, bench.Evidence{})
		r.CrossCheck(o, job, ms(c.counted), "the group's file")
		if o.Verdict != c.want || len(o.Notes) != 1 || o.CPU.Total() != time.Duration(*ms(c.counted)) {
			t.Errorf("%s: %s, want %s; %v, %v", name, o.Verdict, c.want, o.CPU.Total(), o.Notes)
		}
	}
}

// No figure is said to be below its own floor.
func TestTheFloorIsBelowTheFigure(t *testing.T) {
	for _, c := range []struct {
		rss, floor int64
		says       string
	}{{4 << 20, 2 << 20, "floor 2048 KiB"}, {1 << 20, 2 << 20, "floor 1024 KiB"}} {
		r := Report{Result: frame.Result{MaxRSS: c.rss, Floor: c.floor}}
		if got := r.RSSSource(); !strings.Contains(got, c.says) {
			t.Errorf("%d with a runner of %d: %s", c.rss, c.floor, got)
		}
	}
}
