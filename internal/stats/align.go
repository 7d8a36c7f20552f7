package stats

import (
	"math"
	"slices"

	moremath "github.com/aclements/go-moremath/stats"
)

// align takes shift from the samples of B, and their common median from all.
func (b block) align(shift float64) (as, bs []float64) {
	as, bs = slices.Clone(b.a), slices.Clone(b.b)
	for i := range bs {
		bs[i] -= shift
	}
	centre := middle(slices.Concat(as, bs))
	for i := range as {
		as[i] -= centre
	}
	for i := range bs {
		bs[i] -= centre
	}
	return as, bs
}

// aligned samples of all blocks.
func aligned(blocks []block, shift float64) (as, bs []float64) {
	for _, b := range blocks {
		a, b := b.align(shift)
		as, bs = append(as, a...), append(bs, b...)
	}
	return as, bs
}

// estimate of the shift from A to B, that of Hodges and Lehmann: the middle of
// those that leave the ranks even. ok is false if the test at our level rejects
// no shift, for too few samples; else low and high bound those that it does not
// reject. All are to a millionth.
func estimate(blocks []block) (shift, low, high float64, ok bool) {
	as, bs := aligned(blocks, 0)
	least, most := slices.Min(bs)-slices.Max(as)-1, slices.Max(bs)-slices.Min(as)+1
	critical := moremath.StdNormal.InvCDF((1 + level) / 2)
	at := func(shift float64) ranked { return rank(blocks, shift) }
	under := edge(least, most, func(shift float64) bool { return at(shift).excess > 0 })
	over := edge(most, least, func(shift float64) bool { return at(shift).excess < 0 })
	shift = under + (over-under)/2
	if at(least).z() < critical || at(most).z() > -critical {
		return shift, 0, 0, false
	}
	low = edge(least, most, func(shift float64) bool { return at(shift).z() >= critical })
	high = edge(most, least, func(shift float64) bool { return at(shift).z() <= -critical })
	return shift, low, high, true
}

// edge between out, where rejects is true, and in, where it is not.
func edge(out, in float64, rejects func(float64) bool) float64 {
	for math.Abs(out-in) > 1e-6 {
		if at := out + (in-out)/2; rejects(at) {
			out = at
		} else {
			in = at
		}
	}
	return out
}

// noise is the relative spread of a sample: 1.4826 MAD of the logarithms, which
// for normal ones is their standard deviation. It is taken among the samples of
// a block and side, or, where these are alone, among the ratios of blocks.
func noise(blocks []block) float64 {
	var rest, ratios []float64
	for _, b := range blocks {
		ratios = append(ratios, (middle(b.b)-middle(b.a))/math.Sqrt2)
		rest = append(append(rest, spreadOut(b.a)...), spreadOut(b.b)...)
	}
	if len(rest) == 0 {
		return sigma * mad(ratios, middle(ratios))
	}
	return sigma * mad(rest, 0)
}

// spreadOut is how far each lies from the median, made larger by what few lie
// nearer to their own; one alone says nothing.
func spreadOut(xs []float64) []float64 {
	if len(xs) < 2 {
		return nil
	}
	centre, n := middle(xs), float64(len(xs))
	rest := make([]float64, len(xs))
	for i, x := range xs {
		rest[i] = (x - centre) * math.Sqrt(n/(n-1))
	}
	return rest
}

func logs(xs []float64) []float64 {
	ls := make([]float64, len(xs))
	for i, x := range xs {
		ls[i] = math.Log(x)
	}
	return ls
}

func middle(xs []float64) float64 { return quantile(ascending(xs).Values, 0.5) }
