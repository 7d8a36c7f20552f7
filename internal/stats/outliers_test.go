package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestOutliers(t *testing.T) {
	many := []float64{
		2.33269488, 1.42195907, -0.57527698, -0.31293437, 2.2948158, 0.75813273,
		-1.0712388, -0.96394741, -1.15897446, 1.10976285,
	}
	for name, c := range map[string]struct {
		in   []float64
		want []int
	}{
		// The vectors of hyperfine's own test.
		"none":            {nil, nil},
		"one":             {[]float64{50}, nil},
		"two":             {[]float64{1000, 0}, nil},
		"three":           {[]float64{-0.2, 0, 0.2}, nil},
		"four, one far":   {[]float64{-0.2, 0, 0.2, 4}, []int{3}},
		"first far":       {[]float64{0.5, 0.30, 0.29, 0.31, 0.30}, []int{0}},
		"normal":          {many, nil},
		"normal, two far": {append(slices.Clone(many), 20, -500), []int{10, 11}},
		"MAD 0":           {[]float64{10, 10, 10, 10, 10, 10, 10, 100}, []int{7}},
		"MAD 0, two far":  {[]float64{10, 10, 10, 10, 10, 10, 10, 100, 100}, []int{7, 8}},
		// Ours.
		"all equal":         {[]float64{3, 3, 3, 3, 3, 3}, nil},
		"one clock tick":    {[]float64{10, 10, 10, 10, 10.1, 9.9}, nil},
		"mostly zero":       {[]float64{0, 0, 0, 0, 0, 1}, nil},
		"close by chance":   {[]float64{1, 1.0001, 2}, nil},
		"at the threshold":  {[]float64{9, 11, 9, 11, 10 + 14.826, 10 - 14.826, 10}, nil},
		"over it":           {[]float64{9, 11, 9, 11, 10 + 14.83, 10 - 14.83, 10}, []int{4, 5}},
		"infinity is far":   {[]float64{1, 2, 3, 4, 5, 6, math.Inf(1)}, []int{6}},
		"run order is kept": {[]float64{90, 10, 11, 10.5, 80, 10.2, 10.1, 10.3}, []int{0, 4}},
	} {
		if got := Outliers(c.in); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// The rates that the comment on Outliers states for runs of 100 samples.
func TestOutlierRates(t *testing.T) {
	for name, c := range map[string]struct {
		shape func(*rand.Rand) float64
		most  float64
	}{
		"normal":      {normal, 0.001},
		"lognormal":   {lognormal(0.3), 0.003},
		"exponential": {exponential, 0.10},
	} {
		if rate := share(2000, 100, c.shape, func(xs []float64) bool { return Outliers(xs) != nil }); rate > c.most {
			t.Errorf("%s: %.2f%% of clean runs have outliers", name, 100*rate)
		}
	}
}

// share of runs of n samples of one shape that a check says yes to.
func share(runs, n int, shape func(*rand.Rand) float64, yes func([]float64) bool) float64 {
	r := rand.New(rand.NewPCG(5, 6))
	count := 0
	for range runs {
		if yes(drawFrom(r, n, shape)) {
			count++
		}
	}
	return float64(count) / float64(runs)
}

func lognormal(sigma float64) func(*rand.Rand) float64 {
	return func(r *rand.Rand) float64 { return 100 * math.Exp(sigma*r.NormFloat64()) }
}

func exponential(r *rand.Rand) float64 { return 100 + 20*r.ExpFloat64() }
