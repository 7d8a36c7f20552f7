package inprocess

import (
	"context"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// outcome reads how the call ended, in the terms of a program: an error is
// exit code 1 and a panic 2, as the same function ends in a process.
func (c *call) outcome(ctx context.Context) *sandbox.Outcome {
	o := &sandbox.Outcome{Started: c.started, Moments: []sandbox.Moment{{Event: bench.EventStarted, At: c.started}}}
	if c.runaway {
		limit := bench.LimitTimeout
		o.Verdict, o.Death = bench.Timeout, bench.Death{How: "not_ended"}
		o.Evidence.LimitReached = &limit
		o.Reason = "The function did not stop and still runs inside the server: in-process isolation is tainted."
		o.Wall = time.Since(c.started)
		return o
	}
	code := 0
	o.Wall = c.ended.Sub(c.started)
	o.Moments = append(o.Moments, sandbox.Moment{Event: bench.EventExited, At: c.ended}, sandbox.Moment{Event: bench.EventEmpty, At: c.ended})
	o.Output.Stdout, o.StdoutProduced = c.stdout.kept, c.stdout.produced
	o.Evidence.StdoutDropped = c.stdout.produced - int64(len(c.stdout.kept))
	o.Verdict = bench.OK
	switch {
	case c.panic != "":
		code, o.Verdict, o.Output.Stderr = 2, bench.NonzeroExit, []byte(c.panic)
	case c.err != nil:
		code, o.Verdict, o.Output.Stderr = 1, bench.NonzeroExit, []byte(c.err.Error()+"\n")
	}
	o.StderrProduced = int64(len(o.Output.Stderr))
	if c.timedOut {
		limit := bench.LimitTimeout
		o.Verdict, o.Evidence.LimitReached = bench.Timeout, &limit
	} else if ctx.Err() != nil {
		o.Verdict = bench.Cancelled
	}
	o.Death = bench.Death{How: "exited", Code: &code}
	return o
}

// capped keeps the head of what is written and counts the rest.
type capped struct {
	limit    int64
	kept     []byte
	produced int64
}

func (c *capped) Write(p []byte) (int, error) {
	room := max(c.limit-int64(len(c.kept)), 0)
	c.kept = append(c.kept, p[:min(int64(len(p)), room)]...)
	c.produced += int64(len(p))
	return len(p), nil
}
