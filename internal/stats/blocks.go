package stats

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/aclements/go-moremath/mathx"
	moremath "github.com/aclements/go-moremath/stats"
)

// block holds the logarithms of samples that were taken close together.
type block struct{ a, b []float64 }

// ranked is what the aligned rank test goes by.
type ranked struct {
	ranks  [][]float64 // of each block's samples, those of A first
	ofB    []int       // how many of a block's samples are of B
	excess float64     // the sum of B's ranks over what chance gives
	spread float64     // the standard deviation of that sum by chance
}

// rank the samples of blocks, each less its block's median and those of B less
// shift, among all. Equal ones share a rank.
func rank(blocks []block, shift float64) ranked {
	type place struct {
		x         float64
		block, at int
	}
	var all []place
	r := ranked{ranks: make([][]float64, len(blocks))}
	for i, b := range blocks {
		a, b := b.align(shift)
		for at, x := range slices.Concat(a, b) {
			all = append(all, place{x, i, at})
		}
		r.ranks[i] = make([]float64, len(a)+len(b))
		r.ofB = append(r.ofB, len(b))
	}
	slices.SortFunc(all, func(p, q place) int { return cmp.Compare(p.x, q.x) })
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && all[to].x == all[from].x {
			to++
		}
		for _, p := range all[from:to] {
			r.ranks[p.block][p.at] = float64(from+1+to) / 2
		}
		from = to
	}
	r.sum()
	return r
}

// sum adds up what chance, free to order each block's samples, would give: the
// mean and the variance of a sum drawn without replacement.
func (r *ranked) sum() {
	variance := 0.0
	for i, ranks := range r.ranks {
		m, b := float64(len(ranks)), float64(r.ofB[i])
		mean := moremath.Mean(ranks)
		for at, x := range ranks {
			if at >= len(ranks)-r.ofB[i] {
				r.excess += x - mean
			}
			variance += (x - mean) * (x - mean) * b * (m - b) / (m * (m - 1))
		}
	}
	r.spread = math.Sqrt(variance)
}

// z by the normal approximation, with half a rank off for continuity.
func (r ranked) z() float64 {
	if r.spread == 0 || math.Abs(r.excess) < 0.5 {
		return 0
	}
	return (r.excess - math.Copysign(0.5, r.excess)) / r.spread
}

// Up to these sizes all orders are counted; beyond, chance is close to normal.
const (
	exactBlock = 8
	exactTotal = 100
)

func (r ranked) p() float64 {
	total := 0
	for _, ranks := range r.ranks {
		total += len(ranks)
		if len(ranks) > exactBlock {
			total = exactTotal + 1
		}
	}
	if total > exactTotal {
		return 2 * moremath.StdNormal.CDF(-math.Abs(r.z()))
	}
	return r.exact()
}

// leastP is what exact gives where all of B lies above all of A: one of all orders,
// on either side.
func leastP(blocks []block) float64 {
	orders := 0.0 // the logarithm of their number
	for _, b := range blocks {
		orders += mathx.Lchoose(len(b.a)+len(b.b), len(b.a))
	}
	return min(1, 2*math.Exp(-orders))
}

// exact counts in how many orders the sum lies as far out. Ranks are doubled, so
// that shared ones are whole.
func (r ranked) exact() float64 {
	ways, seen := []float64{1}, 0
	for i, ranks := range r.ranks {
		doubled := make([]int, len(ranks))
		for at, x := range ranks {
			doubled[at] = int(2 * x)
			if at >= len(ranks)-r.ofB[i] {
				seen += doubled[at]
			}
		}
		ways = convolve(ways, sums(doubled, r.ofB[i]))
	}
	low, high := 0.0, 0.0
	for sum, w := range ways {
		if sum <= seen {
			low += w
		}
		if sum >= seen {
			high += w
		}
	}
	return min(1, 2*min(low, high))
}

// sums of each choice of n of xs; every one is as likely.
func sums(xs []int, n int) []int {
	var found []int
	for choice := range uint(1) << len(xs) {
		if bits.OnesCount(choice) != n {
			continue
		}
		sum := 0
		for i, x := range xs {
			sum += x * int(choice>>i&1)
		}
		found = append(found, sum)
	}
	return found
}

func convolve(ways []float64, sums []int) []float64 {
	next := make([]float64, len(ways)+slices.Max(sums))
	for i, w := range ways {
		for _, sum := range sums {
			next[i+sum] += w / float64(len(sums))
		}
	}
	return next
}
