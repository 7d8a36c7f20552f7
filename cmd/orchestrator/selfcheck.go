package main

import (
	"context"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/history"
)

// selfChecking has every configured benchmark that is measured compared with
// itself, as often as the configuration says.
func (e *engine) selfChecking() history.SelfChecking {
	return history.SelfChecking{
		Every: time.Duration(e.config.Measuring.SelfCheck), Plans: e.measuredPlans, Pairs: e.scheduler,
		Idle: func(ctx context.Context) bool {
			queued, running, err := e.store.Counts(ctx)
			return err == nil && queued+running == 0
		},
	}
}

// measuredPlans are those of the configured benchmarks that have a time.
func (e *engine) measuredPlans() (plans []bench.Plan) {
	policy, err := e.config.policy()
	if err != nil {
		return nil // the server would not have started
	}
	benchmarks, err := e.config.benchmarks()
	if err != nil {
		return nil
	}
	for i := range benchmarks {
		if plan, err := policy.Resolve(benchmarks[i], bench.Overrides{}); err == nil && plan.Kind.Measured() {
			plans = append(plans, plan)
		}
	}
	return plans
}
