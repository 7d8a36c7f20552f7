package scheduler

import (
	"fmt"
	"math"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// quantile of a target on p95.
const quantile = 0.95

// rate compares what the target is on with it, and says what is missing where
// that can't decide.
func rate(run *bench.Run, m *bench.Measurement) {
	values, ok := targeted(run.TargetOn, m)
	if !ok {
		undecided(run, fmt.Sprintf("The target is on %s, which was not measured here.", run.TargetOn))
		return
	}
	rating := stats.Rate(values, *run.Target)
	if run.TargetOn == bench.OnP95 {
		rating = stats.RateQuantile(values, quantile, *run.Target)
	}
	run.Rated = figure(run.TargetOn, values)
	if rating == stats.Unsure {
		undecided(run, advice(run, values))
		return
	}
	run.Rating = (*bench.Rating)(&rating)
}

func undecided(run *bench.Run, why string) {
	rating := bench.Unsure
	run.Rating = &rating
	run.Warnings = append(run.Warnings, bench.Warning{Code: "undecided", Message: why})
}

// targeted lists what the target is on, sample by sample; false where one has no
// such figure.
func targeted(on bench.TargetOn, m *bench.Measurement) (values []float64, ok bool) {
	if on != bench.OnCPU && on != bench.OnMemory {
		return m.Walls(), true
	}
	for _, s := range m.Timed() {
		switch {
		case on == bench.OnCPU && s.CPU != nil:
			values = append(values, *s.CPU/1e3)
		case on == bench.OnMemory && s.MaxRSS != nil:
			values = append(values, float64(*s.MaxRSS))
		default:
			return nil, false
		}
	}
	return values, true
}

// figure is what was rated, with its interval.
func figure(on bench.TargetOn, values []float64) *bench.Figure {
	sum := stats.Summarize(values)
	if on != bench.OnP95 {
		f := &bench.Figure{Value: sum.Median}
		if sum.HasCI {
			f.Low, f.High = &sum.CILow, &sum.CIHigh
		}
		return f
	}
	if sum.P95 == nil { // too few to say more than the largest
		return nil
	}
	low, high := stats.QuantileInterval(values, quantile)
	return &bench.Figure{Value: *sum.P95, Low: finite(low), High: finite(high)}
}

func finite(v float64) *float64 {
	if math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// advice says how many samples would decide.
func advice(run *bench.Run, values []float64) string {
	const why = "The samples can't tell on which side of the target the benchmark lies"
	need, ok := 0, false
	if run.TargetOn == bench.OnP95 {
		need = stats.SamplesForQuantile(quantile)
		ok = len(values) < need
	} else {
		need, ok = stats.SamplesToDecide(values, *run.Target)
	}
	if !ok {
		return why + ": it lies too near."
	}
	return fmt.Sprintf("%s; about %d samples would decide.", why, need)
}
