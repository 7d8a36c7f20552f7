package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	moremath "github.com/aclements/go-moremath/stats"
)

func ranks(n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = float64(i + 1)
	}
	return xs
}

// Either end misses with 2.5 % at most, and one rank nearer would miss more.
func TestQuantileIntervalIsExact(t *testing.T) {
	const most = 0.025
	for _, q := range []float64{0.05, 0.5, 0.9, 0.95, 0.99} {
		for n := 1; n <= 600; n++ {
			under := moremath.BinomialDist{N: n, P: q}
			low, high := QuantileInterval(ranks(n), q)
			rank := max(low, 0) // 0 where there is no such end
			if rank > 0 && under.CDF(rank-1) > most || rank < float64(n) && under.CDF(rank) <= most {
				t.Fatalf("q %v of %d: low end at rank %v", q, n, low)
			}
			missed := func(rank float64) float64 { return 1 - under.CDF(rank-1) }
			rank = min(high, float64(n+1))
			if rank <= float64(n) && missed(rank) > most || rank > 1 && missed(rank-1) <= most {
				t.Fatalf("q %v of %d: high end at rank %v", q, n, high)
			}
			if both := !math.IsInf(low, 0) && !math.IsInf(high, 0); both != (n >= SamplesForQuantile(q)) {
				t.Fatalf("q %v of %d: %v to %v, wanted from %d on", q, n, low, high, SamplesForQuantile(q))
			}
		}
	}
	if n := SamplesForQuantile(0.95); n != 72 {
		t.Errorf("a p95 needs %d samples", n)
	}
}

func TestRateQuantile(t *testing.T) {
	for name, c := range map[string]struct {
		in     []float64
		target float64
		want   Rating
	}{
		"no samples":                {nil, 1, Unsure},
		"72, all at the target":     {ranks(72), 72, Fast},
		"72, one above":             {ranks(72), 71, Unsure},
		"71 say nothing of the end": {ranks(71), 1000, Unsure},
		"two, both above":           {[]float64{5, 6}, 4, Slow},
		"one, above":                {[]float64{5}, 4, Unsure}, // one of twenty is
		"a tenth above":             {ranks(100), 89, Slow},
		"a twentieth above":         {ranks(100), 95, Unsure},
		"out of order":              {[]float64{9, 5, 7}, 4, Slow},
		"target not a number":       {ranks(100), math.NaN(), Unsure},
		"samples not numbers":       {[]float64{math.NaN(), math.NaN()}, 1, Unsure},
	} {
		if got := RateQuantile(c.in, 0.95, c.target); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// At most one run in twenty may be decided at all if the target is the quantile.
func TestRateQuantileFalseAlarms(t *testing.T) {
	target := -20 * math.Log(0.05) // p95 of exponential
	shape := func(r *rand.Rand) float64 { return 20 * r.ExpFloat64() }
	for _, n := range []int{2, 20, 72, 100, 1000} {
		if rate := share(4000, n, shape, func(xs []float64) bool { return RateQuantile(xs, 0.95, target) != Unsure }); rate > 0.055 {
			t.Errorf("n %d: %.1f%% decided", n, 100*rate)
		}
	}
}

func FuzzRateQuantile(f *testing.F) {
	f.Add(uint16(0), uint64(1), 0.95, 1.0)
	f.Add(uint16(100), uint64(2), 0.5, 50.0)
	f.Add(uint16(1000), uint64(3), 0.999, 1e300)
	f.Fuzz(func(t *testing.T, n uint16, seed uint64, q, target float64) {
		if !(q > 0 && q < 1) {
			return
		}
		xs := drawFrom(rand.New(rand.NewPCG(seed, 1)), int(n)%2000, exponential)
		low, high := QuantileInterval(xs, q)
		if !(low <= high) {
			t.Errorf("%v to %v", low, high)
		}
		RateQuantile(xs, q, target)
	})
}
