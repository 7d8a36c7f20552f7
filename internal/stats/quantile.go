package stats

import (
	"math"
	"sort"

	moremath "github.com/aclements/go-moremath/stats"
)

// QuantileInterval bounds the q-quantile, 0 < q < 1, at 95 %: two of the samples,
// with at most 2.5 % of error to either side. An end that the samples are too few
// for is infinite; without samples both are.
//
// The ranks come from the exact binomial at every n. moremath.QuantileCI, which
// serves the median well, puts all 5 % to one side for few samples, so that a
// single one would decide, and approximates over 30: the upper end of its p95 is
// finite with 76 samples and infinite with 88.
func QuantileInterval(samples []float64, q float64) (low, high float64) {
	n := len(samples)
	sorted := ascending(samples).Values
	under := moremath.BinomialDist{N: n, P: q} // how many samples are under the quantile
	const tail = (1 - level) / 2
	above := sort.Search(n, func(k int) bool { return under.CDF(float64(k)) > tail })
	below := sort.Search(n, func(k int) bool { return 1-under.CDF(float64(k)) <= tail }) + 1
	low, high = math.Inf(-1), math.Inf(1)
	if above > 0 {
		low = sorted[above-1]
	}
	if below <= n {
		high = sorted[below-1]
	}
	return low, high
}

// RateQuantile rates the q-quantile against a target as Rate does the median,
// but asks for an interval however few the samples are: ten under the target say
// little of a p95.
func RateQuantile(samples []float64, q, target float64) Rating {
	low, high := QuantileInterval(samples, q)
	return against(target, low, high)
}

// SamplesForQuantile is how many samples it takes before both ends of the
// interval are finite: 72 for a p95.
func SamplesForQuantile(q float64) int {
	return int(math.Ceil(math.Log((1-level)/2) / math.Log(max(q, 1-q))))
}
