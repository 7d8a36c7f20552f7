package stats

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

// read samples of any bits.
func read(raw []byte, most int) (xs []float64) {
	for ; len(raw) >= 8 && len(xs) < most; raw = raw[8:] {
		xs = append(xs, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
	}
	return xs
}

func seed(f *testing.F, xs ...float64) {
	var raw []byte
	for _, x := range xs {
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(x))
	}
	f.Add(raw)
}

func seeds(f *testing.F) {
	nan, inf := math.NaN(), math.Inf(1)
	seed(f)
	seed(f, 1)
	seed(f, slices.Repeat([]float64{10}, 40)...)
	seed(f, slices.Repeat([]float64{1, 2}, 30)...)
	seed(f, slices.Repeat([]float64{nan}, 30)...)
	seed(f, slices.Repeat([]float64{inf}, 30)...)
	seed(f, append(draw(40, normal), -inf, nan, 0, -1)...)
	seed(f, append(levels(12, 5e-324, 12, limit), draw(20, normal)...)...)
	seed(f, slices.Repeat([]float64{math.MaxFloat64, 1}, 20)...)
	seed(f, draw(120, exponential)...)
}

// wanted are samples such as the package asks for, and not 0.
func wanted(xs []float64) bool {
	return !slices.ContainsFunc(xs, func(x float64) bool { return !(x >= 1/limit && x <= limit) })
}

func FuzzCompare(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		xs := read(raw, 120)
		a, b := xs[:len(xs)/2], xs[len(xs)/2:]
		for _, c := range []Comparison{Compare(a, b), CompareBlocks(a, b, 0), CompareBlocks(a, b, 1), CompareBlocks(a, b, 2), CompareBlocks(a, b, 20)} {
			c.Decide(c.P, DefaultCriteria)
			Detectable(c.Noise, c.N)
			SamplesToSee(c.Noise, c.Effect)
			if !(c.P >= 0 && c.P <= 1) {
				t.Errorf("%v: p %v", xs, c.P)
			}
			if wanted(xs) && !(c.Effect >= -1 && c.Noise >= 0) || c.HasCI && !(c.Low <= c.Effect && c.Effect <= c.High) && wanted(xs) {
				t.Errorf("%v: %+v", xs, c)
			}
		}
	})
}

func FuzzBatch(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		xs := read(raw, 2000)
		for i, p := range Adjust(xs) {
			if !(p <= 1) || xs[i] >= 0 && xs[i] <= 1 && p < xs[i] {
				t.Errorf("%v: %v", xs[i], p)
			}
		}
		if mean, n := GeoMean(xs); n > len(xs) || math.IsNaN(mean) {
			t.Errorf("%v: %v of %d", xs, mean, n)
		}
		CommonShift(xs)
		if len(xs) > 1 {
			Detectable(xs[0], len(xs))
			SamplesToSee(xs[0], xs[1])
		}
	})
}

func FuzzHistory(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		xs := read(raw, 600)
		b, last := NewBand(xs), -1
		for _, x := range xs {
			if b.N < MinForBand && b.Place(x) != Learning {
				t.Errorf("%v: %+v", xs, b)
			}
		}
		if wanted(xs) && len(xs) >= MinForBand && b.Place(b.Median) != Within {
			t.Errorf("%v: %+v", xs, b)
		}
		for _, p := range ChangePoints(xs) {
			if p.Index < last+3 || p.Index > len(xs)-3 || !(p.P >= 0 && p.P < 0.001) {
				t.Errorf("%v: %+v", xs, p)
			}
			last = p.Index
		}
	})
}
