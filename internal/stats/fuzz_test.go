package stats

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
)

// limit is the largest sample that the package comment allows.
const limit = 1e150

// FuzzStats reads samples of any bits: nothing may panic or hang, and for
// samples such as the package asks for the figures must be in order.
func FuzzStats(f *testing.F) {
	add := func(xs ...float64) {
		var raw []byte
		for _, x := range xs {
			raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(x))
		}
		f.Add(raw, 10.0)
	}
	add()
	add(1)
	add(10, 10, 10, 10, 10, 10, 10)
	add(0, 0, 0, 0, 0, 0, 0, 1)
	add(limit, 0, limit, 0, limit, 5e-324)
	nan, inf := math.NaN(), math.Inf(1)
	add(nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan) // hangs Mann-Whitney
	add(1, 2, 3, 4, 5, nan, 7, 8, 9, 10, -inf, inf)
	add(inf, inf, inf, inf, inf, inf)
	add(draw(40, normal)...)
	f.Fuzz(func(t *testing.T, raw []byte, target float64) {
		var xs []float64
		for ; len(raw) >= 8 && len(xs) < 2000; raw = raw[8:] {
			xs = append(xs, math.Float64frombits(binary.LittleEndian.Uint64(raw)))
		}
		check(t, xs, target)
	})
}

func TestOrderOfFigures(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		scale := math.Pow(10, float64(r.IntN(300)-150))
		coarse := r.IntN(2) == 0
		xs := drawFrom(r, r.IntN(60), func(r *rand.Rand) float64 {
			if coarse {
				return scale * float64(r.IntN(5))
			}
			return scale * r.Float64()
		})
		check(t, xs, scale/2)
	}
}

func check(t *testing.T, xs []float64, target float64) {
	t.Helper()
	s := Summarize(xs)
	far, warnings := Outliers(xs), Warnings(xs, FromOutside)
	rating := Rate(xs, target)
	n, decided := SamplesToDecide(xs, target)
	for _, x := range xs {
		if !(x >= 0 && x <= limit) {
			return
		}
	}
	ordered := s.Min <= s.Median && s.Median <= s.Max && s.MAD >= 0 && s.Stddev >= 0 && !math.IsInf(s.Stddev, 0)
	if s.HasCI {
		ordered = ordered && s.Min <= s.CILow && s.CILow <= s.Median && s.Median <= s.CIHigh && s.CIHigh <= s.Max
	}
	if !ordered || math.IsNaN(s.Mean) {
		t.Errorf("%v: out of order: %+v", xs, s)
	}
	if 2*len(far) > len(xs) {
		t.Errorf("%v: most are outliers: %v", xs, far)
	}
	if len(warnings) > 6 {
		t.Errorf("%v: warnings %v", xs, warnings)
	}
	if rating == Unsure && decided && n <= len(xs) {
		t.Errorf("%v against %v: unsure, yet %d samples decide", xs, target, n)
	}
}
