package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// What is called detectable is found four times in five, about.
func TestDetectableHolds(t *testing.T) {
	for _, noise := range []float64{0.02, 0.1} {
		for _, n := range []int{6, 8, 10, 12, 14, 20, 50, 100} {
			change, ok := Detectable(noise, n)
			sample := func(r *rand.Rand) float64 { return 100 * math.Exp(noise*r.NormFloat64()) }
			r, found := rand.New(rand.NewPCG(1, 2)), 0
			for range 300 {
				a, b := drawFrom(r, n, sample), drawFrom(r, n, sample)
				for i := range b {
					b[i] *= 1 + change
				}
				if c := CompareBlocks(a, b, 2); c.Decide(c.P, DefaultCriteria) == Different {
					found++
				}
			}
			if !ok || found < 210 || found > 270 {
				t.Errorf("noise %v, n %d: a change of %v is found in %d of 300", noise, n, change, found)
			}
		}
	}
}

func TestSamplesToSee(t *testing.T) {
	for _, noise := range []float64{0.01, 0.05, 0.2} {
		for _, change := range []float64{0.04, 0.05, 0.3} {
			n, ok := SamplesToSee(noise, change)
			at, _ := Detectable(noise, n)
			under, okUnder := Detectable(noise, n-1)
			if !ok || at > change+1e-9 || okUnder && under <= change {
				t.Errorf("noise %v, change %v: %d samples see %v, one less %v", noise, change, n, at, under)
			}
		}
	}
	for name, c := range map[string]struct {
		noise, change float64
		want          int
		ok            bool
	}{
		"no noise":            {0, 0.05, MinForInterval, true},
		"5 % in 3 %":          {0.03, 0.05, 28, true},
		"too small":           {0.01, 0.03, 0, false},
		"too noisy":           {500, 0.05, 1e6, false},
		"noise not a number":  {math.NaN(), 0.05, 0, false},
		"change not a number": {0.1, math.NaN(), 0, false},
		"infinite":            {0.1, math.Inf(1), 0, false},
		"all infinite":        {math.Inf(1), 0.05, 1e6, false},
	} {
		if n, ok := SamplesToSee(c.noise, c.change); n != c.want || ok != c.ok {
			t.Errorf("%s: %d %v", name, n, ok)
		}
	}
	if _, ok := Detectable(0.1, MinForInterval-1); ok {
		t.Error("five samples detect")
	}
}
