package stats

import (
	"math"
	"slices"
)

// lenient is how much larger a weak point's p may be. Only with the segments
// known that all of them bound can points be judged.
const lenient = 10

// weak points of a series, by windows that overlap by half. Where a window has a
// point beyond its middle the next one begins there, so that no window lies
// across a level that is known to be two. What a full window has it keeps when the
// series grows, so the search goes on behind those of before.
func (s search) weak(series []float64, before Search) (cuts []int, now Search) {
	full := 0 // of the cuts are in full windows
	now = before
	for start := before.start; start < len(series); {
		next := start + s.window/2
		for _, cut := range s.divide(series[start:min(start+s.window, len(series))]) {
			cuts = append(cuts, start+cut)
			next = max(next, start+cut)
		}
		if start+s.window <= len(series) {
			now.start, full = next, len(cuts)
		}
		start = next
	}
	now.cuts = slices.Concat(before.cuts, cuts[:full])
	cuts = slices.Concat(before.cuts, cuts)
	slices.Sort(cuts)
	return slices.Compact(cuts), now
}

// piece of a window, and where it is best cut: q is how clearly, 0 if nowhere.
type piece struct {
	start, cut, end int
	q               float64
}

// divide a window at the best cut of all pieces as long as that is significant.
func (s search) divide(window []float64) []int {
	pieces := []piece{cut(window, 0, len(window))}
	for {
		best := 0
		for i, p := range pieces {
			if p.q > pieces[best].q {
				best = i
			}
		}
		p := pieces[best]
		if p.q == 0 || !(tTest(window[p.start:p.cut], window[p.cut:p.end]) < lenient*s.p) {
			break
		}
		pieces = slices.Replace(pieces, best, best+1, cut(window, p.start, p.cut), cut(window, p.cut, p.end))
	}
	var cuts []int
	for _, p := range pieces[1:] {
		cuts = append(cuts, p.start)
	}
	return cuts
}

// cut finds the cut t, and the end e of what is looked at, that put the most
// energy between the values before t and those from t up to e (Matteson and
// James, equations 5 to 7, with distance |x - y|). The sums grow with e, so that
// all pairs of t and e take the square of the length, not its fourth power.
func cut(window []float64, start, end int) piece {
	xs, best := window[start:end], piece{start: start, end: end}
	before := make([]float64, len(xs)+1) // distances within xs[:t]
	after := make([]float64, len(xs)+1)  // distances within xs[t:e]
	for e := 1; e <= len(xs); e++ {
		toLast := 0.0
		for t := e - 2; t >= 0; t-- {
			toLast += math.Abs(xs[t] - xs[e-1])
			after[t] += toLast
		}
		before[e] = after[0]
		for t := 1; t < e; t++ {
			between := after[0] - before[t] - after[t]
			if q := energy(between, before[t], after[t], float64(t), float64(e-t)); q > best.q {
				best.cut, best.q = start+t, q
			}
		}
	}
	return best
}

// energy between n and m values, from the sums of the distances between them and
// within each.
func energy(between, within, withinOther, n, m float64) float64 {
	return 2 / (n + m) * (between - m*within/max(1, n-1) - n*withinOther/max(1, m-1))
}
