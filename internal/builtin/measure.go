package builtin

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"benchcell/internal/bench"
)

// Measure sets the function up, calls it warmup times untimed, then times each
// of iterations calls by the monotonic clock, and closes it.
//
// It stops at the first error and, between calls, at the end of ctx; a call
// under way is never interrupted. The samples are those measured until then,
// so with an error there may be some. The error wraps the cause of ctx's end.
func Measure(ctx context.Context, f Function, warmup, iterations int) (samples []time.Duration, err error) {
	if err := checkCounts(warmup, iterations); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("stopped before the set-up: %w", context.Cause(ctx))
	}
	c, err := f.Setup()
	if err != nil {
		return nil, fmt.Errorf("set-up of %s: %w", f.Name, err)
	}
	defer func() {
		if e := c.Close(); e != nil {
			err = errors.Join(err, fmt.Errorf("close of %s: %w", f.Name, e))
		}
	}()
	// What the set-up left behind must not be collected inside a sample.
	runtime.GC()
	if _, err := timeCalls(ctx, c.Run, "warm-up", warmup); err != nil {
		return nil, err
	}
	return timeCalls(ctx, c.Run, "iteration", iterations)
}

func checkCounts(warmup, iterations int) error {
	if iterations < 1 || iterations > bench.MaxIterations {
		return bench.Errorf(bench.CodeInvalid, "iterations is %d: it must be 1 to %d", iterations, bench.MaxIterations)
	}
	if warmup < 0 || warmup > bench.MaxWarmup {
		return bench.Errorf(bench.CodeInvalid, "warmup is %d: it must be 0 to %d", warmup, bench.MaxWarmup)
	}
	return nil
}

func timeCalls(ctx context.Context, run func() error, what string, n int) ([]time.Duration, error) {
	times := make([]time.Duration, 0, n)
	for i := range n {
		if ctx.Err() != nil {
			return times, fmt.Errorf("stopped before %s %d of %d: %w", what, i+1, n, context.Cause(ctx))
		}
		start := time.Now()
		err := run()
		elapsed := time.Since(start)
		if err != nil {
			return times, fmt.Errorf("%s %d of %d: %w", what, i+1, n, err)
		}
		times = append(times, elapsed)
	}
	return times, nil
}
