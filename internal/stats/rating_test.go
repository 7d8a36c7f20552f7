package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestRate(t *testing.T) {
	nine := []float64{9, 1, 8, 2, 7, 3, 6, 4, 5} // interval 2 to 8
	for name, c := range map[string]struct {
		in     []float64
		target float64
		want   Rating
	}{
		"no samples":               {nil, 1, Unsure},
		"upper end at the target":  {nine, 8, Fast},
		"upper end over it":        {nine, 7.9, Unsure},
		"lower end at the target":  {nine, 2, Unsure},
		"lower end above":          {nine, 1.9, Slow},
		"one, at the target":       {[]float64{5}, 5, Fast},
		"one, above":               {[]float64{5}, 4, Slow},
		"five, all under":          {[]float64{1, 2, 3, 4, 5}, 5, Fast},
		"five, all above":          {[]float64{1, 2, 3, 4, 5}, 0.5, Slow},
		"five, lowest at target":   {[]float64{1, 2, 3, 4, 5}, 1, Unsure},
		"five, one above":          {[]float64{1, 2, 3, 4, 50}, 10, Unsure},
		"six, one above":           {[]float64{1, 2, 3, 4, 5, 50}, 10, Unsure},
		"all equal, at the target": {[]float64{5, 5, 5, 5, 5, 5, 5}, 5, Fast},
		"all equal, above":         {[]float64{5, 5, 5, 5, 5, 5, 5}, 4.99, Slow},
		"target not a number":      {nine, math.NaN(), Unsure},
		"few not numbers":          {[]float64{math.NaN(), 1}, 5, Unsure},
	} {
		if got := Rate(c.in, c.target); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestSamplesToDecide(t *testing.T) {
	// under of n samples lie under the target 10, the others over it.
	of := func(n, under int) []float64 {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = 9
			if i >= under {
				xs[i] = 11
			}
		}
		return xs
	}
	for name, c := range map[string]struct {
		in   []float64
		want int
		ok   bool
	}{
		"no samples":         {nil, 0, false},
		"decided, fast":      {of(20, 20), 20, true},
		"decided, slow":      {of(20, 0), 20, true},
		"one":                {of(1, 1), 1, true},
		"halves":             {of(10, 5), 0, false},
		"six of ten":         {of(10, 6), 0, false},
		"seven of ten":       {of(10, 7), 50, true}, // 1.9622 / 0.2² = 49.06
		"three of ten":       {of(10, 3), 50, true},
		"eight of ten":       {of(10, 8), 22, true},    // 1.9622 / 0.3² = 21.8
		"four of five":       {of(5, 4), 22, true},     // no interval yet
		"56 of 100":          {of(100, 56), 546, true}, // 1.9622 / 0.06² = 545.06
		"54 of 100":          {of(100, 54), 0, false},
		"one under, one not": {of(2, 1), 0, false},
	} {
		if n, ok := SamplesToDecide(c.in, 10); n != c.want || ok != c.ok {
			t.Errorf("%s: %d %v, want %d %v", name, n, ok, c.want, c.ok)
		}
	}
}

// With the number that SamplesToDecide gives, about four of five runs decide.
func TestSamplesToDecideHolds(t *testing.T) {
	for _, p := range []float64{0.57, 0.6, 0.7, 0.8} {
		need := int(math.Ceil(signZ * signZ / ((p - 0.5) * (p - 0.5))))
		target := 100 - 20*math.Log(1-p) // the p-quantile of exponential
		decided := share(1000, need, exponential, func(xs []float64) bool { return Rate(xs, target) == Fast })
		if decided < 0.72 || decided > 0.88 {
			t.Errorf("share %v: %d samples decide %.0f%% of runs", p, need, 100*decided)
		}
	}
}

// At most one run in twenty may be decided at all if the target is the median.
func TestRateFalseAlarms(t *testing.T) {
	for _, n := range []int{6, 8, 10, 16, 30, 100, 1000} {
		for name, shape := range map[string]func(*rand.Rand) float64{"lognormal": lognormal(0.5), "normal": normal} {
			if rate := share(4000, n, shape, func(xs []float64) bool { return Rate(xs, 100) != Unsure }); rate > 0.06 {
				t.Errorf("n %d %s: %.1f%% decided", n, name, 100*rate)
			}
		}
	}
}
