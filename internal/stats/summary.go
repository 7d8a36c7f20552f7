package stats

import (
	"math"
	"slices"

	moremath "github.com/aclements/go-moremath/stats"
	"golang.org/x/perf/benchmath"
)

// level is the confidence asked of every interval.
const level = 0.95

// The fewest samples for each figure. Of five samples even the whole range
// covers the true median with 93.75 % only, of six with 96.9 %. A percentile
// asks for about one sample beyond it: fewer would just repeat the maximum.
const (
	MinForInterval = 6
	minForP90      = 20
	minForP95      = 20
	minForP99      = 100
)

// Summary of samples, every figure in their unit. The zero Summary, N = 0,
// stands for no samples.
type Summary struct {
	N      int
	Median float64 // the headline
	Mean   float64
	Min    float64
	Max    float64
	Stddev float64 // sample standard deviation (n-1); 0, saying nothing, if N = 1
	MAD    float64 // median absolute deviation from the median, not scaled by 1.4826

	// CILow and CIHigh bound the median: two of the samples, chosen by the
	// order-statistic method of benchmath.AssumeNothing. They need not lie
	// evenly around it: for some N the method takes one rank less on one side.
	// Both are 0 and HasCI is false under MinForInterval samples.
	CILow, CIHigh float64
	HasCI         bool
	// Confidence is the level that the interval really has, at least 0.95:
	// ranks come in steps. 0 without an interval.
	Confidence float64

	// Percentiles by Hyndman and Fan's R8, as moremath has them. Nil under 20
	// samples, P99 under 100.
	P90, P95, P99 *float64
}

// Summarize samples, in any order; they are not touched.
func Summarize(samples []float64) Summary {
	if len(samples) == 0 {
		return Summary{}
	}
	sorted := ascending(samples)
	center := benchmath.AssumeNothing.Summary(sorted, level)
	s := Summary{
		N:      len(samples),
		Median: center.Center,
		Mean:   moremath.Mean(samples),
		Min:    sorted.Values[0],
		Max:    sorted.Values[len(samples)-1],
		Stddev: moremath.StdDev(samples),
		MAD:    mad(samples, center.Center),
		P90:    percentile(sorted, 0.90, minForP90),
		P95:    percentile(sorted, 0.95, minForP95),
		P99:    percentile(sorted, 0.99, minForP99),
	}
	if s.N >= MinForInterval {
		s.CILow, s.CIHigh = center.Lo, center.Hi
		s.HasCI, s.Confidence = true, center.Confidence
	}
	return s
}

// ascending copies, because benchmath.NewSample sorts the slice it is given.
func ascending(samples []float64) *benchmath.Sample {
	return benchmath.NewSample(slices.Clone(samples), &benchmath.DefaultThresholds)
}

// quantile wants ascending values.
func quantile(values []float64, q float64) float64 {
	return moremath.Sample{Xs: values, Sorted: true}.Quantile(q)
}

func percentile(s *benchmath.Sample, q float64, atLeast int) *float64 {
	if len(s.Values) < atLeast {
		return nil
	}
	v := quantile(s.Values, q)
	return &v
}

// mad is the median absolute deviation, which neither library has.
func mad(samples []float64, median float64) float64 {
	deviations := make([]float64, len(samples))
	for i, x := range samples {
		deviations[i] = math.Abs(x - median)
	}
	slices.Sort(deviations)
	return quantile(deviations, 0.5)
}
