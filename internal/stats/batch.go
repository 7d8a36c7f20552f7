package stats

import (
	"cmp"
	"math"
	"slices"

	moremath "github.com/aclements/go-moremath/stats"
)

// Adjust p-values of one batch, in their order, so that of what falls under a
// level about that share at most is false: Benjamini and Hochberg, Journal of
// the Royal Statistical Society B 57, 1995, 289-300, as p.adjust of R gives it.
// What is not a number counts as 1. Neither x/perf nor moremath has it.
func Adjust(ps []float64) []float64 {
	byP := make([]int, len(ps))
	adjusted := make([]float64, len(ps))
	for i, p := range ps {
		byP[i], adjusted[i] = i, p
		if math.IsNaN(p) {
			adjusted[i] = 1
		}
	}
	slices.SortStableFunc(byP, func(i, j int) int { return cmp.Compare(adjusted[i], adjusted[j]) })
	least := 1.0
	for rank := len(ps); rank > 0; rank-- {
		i := byP[rank-1]
		least = min(least, adjusted[i]*(float64(len(ps))/float64(rank)))
		adjusted[i] = least
	}
	return adjusted
}

// GeoMean of ratios, B over A for each benchmark of a batch, and how many it
// stands for: ratios that are not positive and finite can't be part of it, so
// say n beside the mean. Without any, the mean is 0.
func GeoMean(ratios []float64) (mean float64, n int) {
	usable := slices.DeleteFunc(slices.Clone(ratios), unusable)
	if len(usable) == 0 {
		return 0, 0
	}
	return moremath.GeoMean(usable), len(usable)
}

// unusable samples and ratios have no logarithm.
func unusable(x float64) bool { return !(x > 0) || math.IsInf(x, 1) }

// CommonShift says whether most of a batch moved together, so that it is the
// machine that changed rather than each benchmark. Changes are relative, the
// latest of each benchmark against its own history: 0.1 is 10 % slower. shift is
// their median.
//
// It asks that the median be 3 % at least, and that as many benchmarks moved its
// way, by half of it or more, as a sign test takes for more than chance (p <
// 0.01, two-sided): 8 of 8, 12 of 13, 17 of 20. By half, because machines slow
// programs unequally (memory or clock); under eight benchmarks nothing is said,
// because a single commit may well move all of them.
func CommonShift(changes []float64) (shift float64, ok bool) {
	usable := slices.DeleteFunc(slices.Clone(changes), func(c float64) bool { return unusable(1 + c) })
	if len(usable) == 0 {
		return 0, false
	}
	shift = middle(usable)
	along := 0
	for _, c := range usable {
		if c/shift >= 0.5 {
			along++
		}
	}
	return shift, math.Abs(shift) >= minEffect && signTest(along, len(usable)) < alpha
}

// signTest is the two-sided p of k heads or more in n throws.
func signTest(k, n int) float64 {
	coin := moremath.BinomialDist{N: n, P: 0.5}
	if n > longForT {
		return 2 * (1 - coin.NormalApprox().CDF(float64(k)-0.5))
	}
	return 2 * (1 - coin.CDF(float64(k-1)))
}
