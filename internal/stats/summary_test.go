package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	moremath "github.com/aclements/go-moremath/stats"
	"golang.org/x/perf/benchmath"
)

// draw n samples from one shape, the same ones each time.
func draw(n int, shape func(*rand.Rand) float64) []float64 {
	return drawFrom(rand.New(rand.NewPCG(1, 2)), n, shape)
}

func drawFrom(r *rand.Rand, n int, shape func(*rand.Rand) float64) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = shape(r)
	}
	return xs
}

func normal(r *rand.Rand) float64 { return 100 + 5*r.NormFloat64() }

func TestSummarizeByHand(t *testing.T) {
	none := math.NaN() // stands for "no interval"
	for name, c := range map[string]struct {
		in                                        []float64
		median, mean, min, max, stddev, mad, l, h float64
	}{
		"one":       {[]float64{7}, 7, 7, 7, 7, 0, 0, none, none},
		"two":       {[]float64{4, 2}, 3, 3, 2, 4, math.Sqrt2, 1, none, none},
		"five":      {[]float64{5, 1, 4, 2, 3}, 3, 3, 1, 5, math.Sqrt(2.5), 1, none, none},
		"six":       {[]float64{6, 5, 4, 3, 2, 1}, 3.5, 3.5, 1, 6, math.Sqrt(3.5), 1.5, 1, 6},
		"all equal": {[]float64{2, 2, 2, 2, 2, 2, 2}, 2, 2, 2, 2, 0, 0, 2, 2},
		// Wikipedia's example of the MAD; nine have their interval at ranks 2 to 8.
		"mad":    {[]float64{1, 1, 2, 2, 4, 6, 9}, 2, 25.0 / 7, 1, 9, math.Sqrt(376.0 / 42), 1, 1, 9},
		"nine":   {[]float64{9, 1, 8, 2, 7, 3, 6, 4, 5}, 5, 5, 1, 9, math.Sqrt(7.5), 2, 2, 8},
		"a zero": {[]float64{0}, 0, 0, 0, 0, 0, 0, none, none},
	} {
		s := Summarize(c.in)
		got := []float64{s.Median, s.Mean, s.Min, s.Max, s.Stddev, s.MAD}
		want := []float64{c.median, c.mean, c.min, c.max, c.stddev, c.mad}
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-12 {
				t.Errorf("%s: median, mean, min, max, stddev, mad = %v, want %v", name, got, want)
				break
			}
		}
		if s.N != len(c.in) || s.HasCI == math.IsNaN(c.l) {
			t.Errorf("%s: N %d, HasCI %v", name, s.N, s.HasCI)
		}
		if s.HasCI && (s.CILow != c.l || s.CIHigh != c.h) {
			t.Errorf("%s: interval %v to %v, want %v to %v", name, s.CILow, s.CIHigh, c.l, c.h)
		}
		if !s.HasCI && (s.CILow != 0 || s.CIHigh != 0 || s.Confidence != 0) {
			t.Errorf("%s: an interval is left in %+v", name, s)
		}
	}
}

func TestSummarizeNothing(t *testing.T) {
	if got := Summarize(nil); got != (Summary{}) {
		t.Errorf("%+v", got)
	}
}

func TestSummarizeAsBenchmath(t *testing.T) {
	for _, n := range []int{6, 7, 8, 16, 30, 31, 100, 1001} {
		xs := draw(n, normal)
		want := benchmath.AssumeNothing.Summary(ascending(xs), 0.95)
		got := Summarize(xs)
		if got.Median != want.Center || got.CILow != want.Lo || got.CIHigh != want.Hi || got.Confidence != want.Confidence {
			t.Errorf("n %d: %+v, benchmath %+v", n, got, want)
		}
	}
}

// benchmath approximates over 30 samples: check its level against the exact
// binomial, and that six samples are really the first with two finite ends.
func TestIntervalLevel(t *testing.T) {
	for n := 1; n <= 3000; n++ {
		ci := moremath.QuantileCI(n, 0.5, level)
		if finite := ci.LoOrder >= 1 && ci.HiOrder <= n; finite != (n >= MinForInterval) {
			t.Fatalf("n %d: ranks %d to %d", n, ci.LoOrder, ci.HiOrder)
		}
		ranks := moremath.BinomialDist{N: n, P: 0.5}
		covers := ranks.CDF(float64(ci.HiOrder-1)) - ranks.CDF(float64(ci.LoOrder-1))
		if covers < level || math.Abs(covers-ci.Confidence) > 0.002 {
			t.Errorf("n %d: covers %v, says %v", n, covers, ci.Confidence)
		}
	}
}

func TestSummarizeLeavesOrder(t *testing.T) {
	xs := []float64{3, 1, 2, 9, 5, 4}
	before := slices.Clone(xs)
	Summarize(xs)
	Outliers(xs)
	Warnings(xs, FromOutside)
	Rate(xs, 3)
	SamplesToDecide(xs, 3)
	if !slices.Equal(xs, before) {
		t.Errorf("reordered to %v", xs)
	}
}

func TestPercentiles(t *testing.T) {
	upTo := func(n int) []float64 {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = float64(i + 1)
		}
		return xs
	}
	if s := Summarize(upTo(19)); s.P90 != nil || s.P95 != nil || s.P99 != nil {
		t.Errorf("19 samples: %+v", s)
	}
	// By R8 the p-quantile of 1..n is 1/3 + p (n + 1/3).
	s := Summarize(upTo(20))
	if s.P99 != nil || math.Abs(*s.P90-(1.0/3+0.90*(20+1.0/3))) > 1e-9 || math.Abs(*s.P95-(1.0/3+0.95*(20+1.0/3))) > 1e-9 {
		t.Errorf("20 samples: %v %v %v", *s.P90, *s.P95, s.P99)
	}
	if s := Summarize(upTo(99)); s.P99 != nil {
		t.Errorf("99 samples: %v", *s.P99)
	}
	if s := Summarize(upTo(100)); math.Abs(*s.P99-(1.0/3+0.99*(100+1.0/3))) > 1e-9 {
		t.Errorf("100 samples: %v", *s.P99)
	}
}
