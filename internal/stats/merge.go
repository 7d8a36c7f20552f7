package stats

import (
	"math"
	"slices"
)

// judged is a point with what merge needs to know beside.
type judged struct {
	ChangePoint
	short     bool    // a neighbour is too near
	magnitude float64 // of the change, seen from the smaller side
}

// merge drops weak points, the weakest first, until all that are left are good.
// With each, two segments become one, so its neighbours are judged anew.
func (s search) merge(series []float64, cuts []int) []ChangePoint {
	var found []judged
	for i := range cuts {
		found = append(found, s.judge(series, cuts, i))
	}
	for len(found) > 0 {
		i, good := s.weakest(found)
		if good {
			break
		}
		cuts, found = slices.Delete(cuts, i, i+1), slices.Delete(found, i, i+1)
		for near := max(0, i-1); near <= min(i, len(found)-1); near++ {
			found[near] = s.judge(series, cuts, near)
		}
	}
	var good []ChangePoint
	for _, f := range found {
		good = append(good, f.ChangePoint)
	}
	return good
}

// weakest of the points: one with too near a neighbour, else that of the largest
// p, or, where all p are under the limit, that of the least change.
func (s search) weakest(found []judged) (at int, good bool) {
	least := 0
	for i, f := range found {
		if f.weaker(found[at]) {
			at = i
		}
		if f.magnitude < found[least].magnitude {
			least = i
		}
	}
	if found[at].short || !(found[at].P < s.p) {
		return at, false
	}
	return least, found[least].magnitude > s.magnitude
}

func (j judged) weaker(than judged) bool {
	switch {
	case j.short != than.short:
		return j.short
	case j.P != than.P:
		return j.P > than.P
	}
	return math.Abs(j.After-j.Before) < math.Abs(than.After-than.Before)
}
