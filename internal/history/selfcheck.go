package history

import (
	"context"
	"math"
	"slices"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/comparison"
	"benchcell/internal/stats"
)

// mostChecks are what the noise of a series is known by: older ones are of a
// machine as it was.
const mostChecks = 20

// lookAtSelf judges the pairs that compare a benchmark with itself.
func (h *History) lookAtSelf(ctx context.Context) error {
	const some = 100
	pairs, err := h.store.OpenSelfChecks(ctx, some)
	for i := 0; i < len(pairs) && err == nil; i++ {
		var c *bench.SelfCheck
		if c, err = h.selfCheck(ctx, pairs[i]); err == nil {
			err = h.store.SaveSelfCheck(ctx, pairs[i][0], c)
		}
	}
	return err
}

// selfCheck is nil where nothing can be said, as of samples that are gone.
func (h *History) selfCheck(ctx context.Context, ids [2]string) (*bench.SelfCheck, error) {
	var sides [2]comparison.Side
	for i, id := range ids {
		run, err := h.store.Run(ctx, id)
		if err != nil {
			return nil, err
		}
		samples, err := h.store.Samples(ctx, id)
		if err != nil {
			return nil, err
		}
		sides[i] = comparison.Side{Run: run, Samples: samples}
	}
	r := comparison.Judge([]comparison.Pair{{A: sides[0], B: sides[1]}}).Results[0]
	if r.Effect == nil || r.Decision == nil {
		return nil, nil //nolint:nilnil // nothing is an answer
	}
	return &bench.SelfCheck{
		Effect: *r.Effect, Detectable: r.Detectable,
		Different: *r.Decision == bench.Slower || *r.Decision == bench.Faster,
	}, nil
}

// selfChecks sums up the newest of a series.
func (h *History) selfChecks(ctx context.Context, of bench.Series) (s bench.SelfChecks, err error) {
	list, err := h.store.SelfChecks(ctx, of, mostChecks)
	if err != nil || len(list) == 0 {
		return s, err
	}
	var sizes, detectable []float64
	for _, c := range list {
		sizes = append(sizes, math.Abs(c.Effect))
		if c.Detectable != nil {
			detectable = append(detectable, *c.Detectable)
		}
		if c.Different {
			s.Alarms++
		}
	}
	floor := stats.Summarize(sizes).Median
	s.N, s.Floor, s.Last = len(list), &floor, &list[0]
	if len(detectable) > 0 {
		least := stats.Summarize(detectable).Median
		s.Detectable = &least
	}
	return s, nil
}

// SelfChecking has benchmarks compared with themselves, each so often.
type SelfChecking struct {
	Every time.Duration
	Plans func() []bench.Plan // of what is to be checked
	Pairs PairScheduler
	Idle  func(ctx context.Context) bool // nobody else waits to measure
}

// PairScheduler queues runs that take turns.
type PairScheduler interface {
	SubmitPair(ctx context.Context, plans [2]bench.Plan) ([]bench.Run, error)
}

// CheckSelf does it until ctx ends, one at a time and only when nothing else
// waits. One that can't be queued, or does not end well, has its next turn as
// late as one that did.
func (h *History) CheckSelf(ctx context.Context, s SelfChecking) error {
	tried := map[string]time.Time{}
	tick := time.NewTicker(min(s.Every/10, time.Minute))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if !s.Idle(ctx) {
			continue
		}
		if err := h.checkNext(ctx, s, tried); err != nil && ctx.Err() == nil {
			h.log.Error("a benchmark could not be compared with itself", "error", err)
		}
	}
}

// checkNext compares the benchmark with itself that has waited longest, if it is
// due.
func (h *History) checkNext(ctx context.Context, s SelfChecking, tried map[string]time.Time) error {
	plans := s.Plans()
	for i := range plans {
		slug := plans[i].Slug
		if _, known := tried[slug]; !known {
			last, err := h.store.LastSelfCheck(ctx, slug)
			if err != nil {
				return err
			}
			tried[slug] = last
		}
	}
	if len(plans) == 0 {
		return nil
	}
	next := slices.MinFunc(plans, func(a, b bench.Plan) int { return tried[a.Slug].Compare(tried[b.Slug]) })
	if time.Since(tried[next.Slug]) < s.Every {
		return nil
	}
	tried[next.Slug] = time.Now()
	pair, err := bench.Pair([2]bench.Plan{next, next}, bench.LeastBlocks)
	if err != nil {
		return err
	}
	_, err = s.Pairs.SubmitPair(ctx, pair)
	return err
}
