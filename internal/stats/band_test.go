package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestBand(t *testing.T) {
	quiet := slices.Repeat([]float64{100}, 8)
	rough := []float64{90, 110, 90, 110, 90, 110, 90, 110, 100} // MAD 10
	for name, c := range map[string]struct {
		history         []float64
		low, high, next float64
		want            Place
	}{
		"none":                {nil, 0, 0, 100, Learning},
		"seven":               {quiet[:7], 0, 0, 100, Learning},
		"eight":               {quiet, 95, 105, 100, Within},
		"at the upper end":    {quiet, 95, 105, 105, Within},
		"above":               {quiet, 95, 105, 105.01, Above},
		"at the lower end":    {quiet, 95, 105, 95, Within},
		"under":               {quiet, 95, 105, 94.99, Under},
		"three deviations":    {rough, 100 - 44.478, 100 + 44.478, 144.4, Within},
		"over three":          {rough, 100 - 44.478, 100 + 44.478, 144.5, Above},
		"never negative":      {[]float64{1, 9, 1, 9, 1, 9, 1, 9, 5}, 0, 5 + 3*sigma*4, 0, Within},
		"not a number":        {append(quiet, math.NaN()), 0, 0, 100, Learning},
		"a zero":              {append(quiet, 0), 0, 0, 100, Learning},
		"next not a number":   {quiet, 95, 105, math.NaN(), Within},
		"next without an end": {quiet, 95, 105, math.Inf(1), Above},
	} {
		b := NewBand(c.history)
		if math.Abs(b.Low-c.low) > 1e-9 || math.Abs(b.High-c.high) > 1e-9 || b.N != len(c.history) || b.Place(c.next) != c.want {
			t.Errorf("%s: %+v, %v is %s", name, b, c.next, b.Place(c.next))
		}
	}
	if b := NewBand(rough); math.Abs(b.Noise-0.14826) > 1e-9 || math.Abs(b.Detectable-(0.44478+powerZ*0.14826)) > 1e-9 {
		t.Errorf("%+v", b)
	}
	if b := NewBand(quiet); b.Noise != 0 || b.Detectable != 0.05 {
		t.Errorf("%+v", b)
	}
}

// The rates that the comment on NewBand states: of runs out of the band, of two
// out on one side, and of detectable changes found.
func TestBandRates(t *testing.T) {
	for _, c := range []struct {
		n                int
		once, twice, see float64
	}{{8, 0.07, 0.015, 0.7}, {30, 0.015, 0.002, 0.75}} {
		for _, noise := range []float64{0.01, 0.03, 0.15} {
			sample := func(r *rand.Rand) float64 { return 100 * (1 + noise*r.NormFloat64()) }
			once, twice, seen, runs := 0, 0, 0, 10_000
			r := rand.New(rand.NewPCG(3, 4))
			for range runs {
				b, next, again := NewBand(drawFrom(r, c.n, sample)), sample(r), sample(r)
				if b.Place(next) != Within {
					once++
					if b.Place(again) == b.Place(next) {
						twice++
					}
				}
				if b.Place(next+b.Median*b.Detectable) == Above {
					seen++
				}
			}
			n := float64(runs)
			if float64(once)/n > c.once || float64(twice)/n > c.twice || float64(seen)/n < c.see {
				t.Errorf("%d runs of noise %v: out %d, twice %d, seen %d of %d", c.n, noise, once, twice, seen, runs)
			}
		}
	}
}
