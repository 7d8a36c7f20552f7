package api

import (
	"context"

	"benchcell/internal/bench"
)

// queuePair queues both sides of a comparison and gives its id.
func (a *API) queuePair(ctx context.Context, in *ComparisonRequest) (id string, err error) {
	if err := a.mustBe(ctx, bench.Runner); err != nil {
		return "", err
	}
	var plans [2]bench.Plan
	for i, side := range []ComparisonSide{in.A, in.B} {
		b, err := a.benchmark(side.Benchmark, side.Definition)
		if err != nil {
			return "", err
		}
		if plans[i], err = a.Policy.Resolve(b, bench.Overrides{Isolation: in.Isolation}); err != nil {
			return "", err
		}
	}
	runs, err := a.submitPair(ctx, plans, in.Blocks)
	if err != nil {
		return "", err
	}
	a.did(ctx, "runs "+runs[0].ID+" and "+runs[1].ID)
	return runs[0].ID, nil
}

func (a *API) submitPair(ctx context.Context, plans [2]bench.Plan, blocks int) ([]bench.Run, error) {
	plans, err := bench.Pair(plans, blocks)
	if err != nil {
		return nil, err
	}
	return a.Scheduler.SubmitPair(ctx, plans)
}

// benchmark is a configured one, or a stranger's.
func (a *API) benchmark(slug string, d *bench.Definition) (bench.Benchmark, error) {
	if d != nil {
		return a.apart(bench.Submitted(*d)), nil
	}
	return a.lookup(slug)
}
