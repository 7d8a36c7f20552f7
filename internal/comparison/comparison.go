// Package comparison judges stored runs against each other: is B slower or faster
// than A. It is a pure function of runs and their samples, and never cries wolf
// about what the machine did: samples that were taken in turns are judged by their
// blocks, and whatever else may have differed is said.
package comparison

import (
	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// Side is a run with its samples, which may be missing while it is not finished.
type Side struct {
	Run     *bench.Run
	Samples []bench.Sample
}

// Pair is the two sides of one benchmark.
type Pair struct{ A, B Side }

// Judge the pairs, adjusted for how many they are.
func Judge(pairs []Pair) *bench.Comparison {
	criteria := stats.DefaultCriteria
	c := &bench.Comparison{
		State: bench.Finished, Taken: bench.Interleaved, Results: []bench.Compared{}, Warnings: warnings(pairs),
		Criteria: bench.Criteria(criteria),
	}
	var at []int // results that can be decided on
	var judged []stats.Comparison
	var ps, ratios []float64
	for _, p := range pairs {
		c.State = earlier(c.State, earlier(p.A.Run.State, p.B.Run.State))
		if !p.interleaved() {
			c.Taken = bench.Separate
		}
		result := bench.Compared{Benchmark: p.A.Run.Slug, A: p.A.summary(), B: p.B.summary()}
		if s, ok := p.compare(); ok {
			describe(&result, s)
			at, judged, ps = append(at, len(c.Results)), append(judged, s), append(ps, s.P)
			ratios = append(ratios, 1+s.Effect)
		}
		c.Results = append(c.Results, result)
	}
	for i, adjusted := range stats.Adjust(ps) {
		result := &c.Results[at[i]]
		decision := decide(judged[i], adjusted, criteria)
		result.Adjusted, result.Decision = &adjusted, &decision
	}
	if mean, n := stats.GeoMean(ratios); n > 0 {
		c.GeoMean, c.GeoMeanN = &mean, n
	}
	return c
}

// earlier of two states.
func earlier(a, b bench.State) bench.State {
	for _, state := range []bench.State{bench.Running, bench.Queued} {
		if a == state || b == state {
			return state
		}
	}
	return bench.Finished
}

func decide(s stats.Comparison, p float64, by stats.Criteria) bench.Decision {
	switch s.Decide(p, by) {
	case stats.TooFew:
		return bench.TooFew
	case stats.NoDifference:
		return bench.NoDifference
	case stats.Different:
	}
	if s.Effect > 0 {
		return bench.Slower
	}
	return bench.Faster
}

func describe(r *bench.Compared, s stats.Comparison) {
	r.Effect, r.P, r.Noise = &s.Effect, &s.P, &s.Noise
	if s.HasCI {
		r.Low, r.High = &s.Low, &s.High
	}
	if change, ok := s.Detectable(); ok {
		r.Detectable = &change
	}
}
