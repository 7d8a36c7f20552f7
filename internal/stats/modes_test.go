package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The false alarms and the power that the comment on modes states.
func TestModesRates(t *testing.T) {
	apart := func(deviations float64) func(*rand.Rand) float64 {
		return func(r *rand.Rand) float64 {
			return 100 + 2*r.NormFloat64() + 2*deviations*float64(r.IntN(2))
		}
	}
	yes := func(xs []float64) bool { _, _, ok := modes(ascending(xs).Values); return ok }
	for name, c := range map[string]struct {
		shape       func(*rand.Rand) float64
		least, most float64
	}{
		"normal":        {normal, 0, 0.002},
		"uniform":       {func(r *rand.Rand) float64 { return 100 + 30*r.Float64() }, 0, 0.002},
		"exponential":   {exponential, 0, 0.002},
		"lognormal 0.3": {lognormal(0.3), 0, 0.002},
		"lognormal 1":   {lognormal(1), 0, 0.002},
		"Pareto 2":      {func(r *rand.Rand) float64 { return 95 + 5*math.Pow(1-r.Float64(), -0.5) }, 0, 0.002},
		"8 apart":       {apart(8), 0.88, 1},
		"5 apart":       {apart(5), 0.05, 0.15},
	} {
		if rate := share(4000, 30, c.shape, yes); rate < c.least || rate > c.most {
			t.Errorf("%s: two modes in %.2f%% of runs", name, 100*rate)
		}
	}
}

func TestSplit(t *testing.T) {
	sorted := []float64{1, 2, 3, 4, 9, 10, 11, 12, 13, 14}
	below, above := split(sorted)
	if len(below) != 4 || len(above) != 6 {
		t.Errorf("%v and %v", below, above)
	}
	// A stray sample in the valley does not hide it, once there are enough.
	long := append(steps(20, 10), 12.5)
	long = append(long, steps(20, 15)...)
	if low, high, ok := modes(ascending(long).Values); !ok || math.Abs(low-10) > 0.1 || math.Abs(high-15) > 0.1 {
		t.Errorf("%v %v %v", low, high, ok)
	}
}
