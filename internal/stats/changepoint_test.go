package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func indices(found []ChangePoint) (at []int) {
	for _, p := range found {
		at = append(at, p.Index)
	}
	return at
}

// levels of a series: how many values, and which, in turn.
func levels(pairs ...float64) (xs []float64) {
	for i := 0; i < len(pairs); i += 2 {
		xs = append(xs, slices.Repeat([]float64{pairs[i+1]}, int(pairs[i]))...)
	}
	return xs
}

// rough appends n values around each of two levels.
func rough(n int, first, second float64, xs ...float64) []float64 {
	for i := range 2 * n {
		level := first
		if i >= n {
			level = second
		}
		xs = append(xs, level+float64(10*((i+2)%5-2)))
	}
	return xs
}

func with(xs []float64, at int, x float64) []float64 {
	xs = slices.Clone(xs)
	xs[at] = x
	return xs
}

// all points of a series, by other settings than ours.
func (s search) all(series []float64) []ChangePoint {
	cuts, _ := s.weak(series, Search{})
	return s.merge(series, cuts)
}

// A series that grows has the points that it would have if it were searched anew.
func TestASearchGoesOnBehindWhatItKnows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var series []float64
	var search Search
	for len(series) < 1500 {
		level := 100 * math.Exp(0.2*r.NormFloat64())
		for range 1 + r.IntN(60) {
			series = append(series, level*math.Exp(0.03*r.NormFloat64()))
		}
		var found []ChangePoint
		found, search = search.Of(series)
		if want := ChangePoints(series); !slices.Equal(found, want) {
			t.Fatalf("after %d: %v, anew %v", len(series), indices(found), indices(want))
		}
	}
	if search.start < 1400 {
		t.Errorf("it begins at %d each time", search.start)
	}
}

// Vectors of the projects whose method this is, with their settings.
func TestPublishedChangePoints(t *testing.T) {
	falls := []float64{1.02, 0.95, 0.99, 1.00, 1.12, 0.90, 0.50, 0.51, 0.48, 0.48, 0.55}
	little := []float64{2.02, 2.03, 2.01, 2.04, 1.82, 1.85, 1.79, 1.81, 1.80, 1.76, 1.78}
	for name, c := range map[string]struct {
		search search
		series []float64
		want   []int
	}{
		// apache/otava, tests/analysis_test.py; Hunter's own test has the same.
		"otava, single": {search{10, 3, 100, 0.0001, 0}, []float64{
			1.02, 0.95, 0.99, 1.00, 1.12, 1.00, 1.01, 0.98, 1.01, 0.96,
			0.50, 0.51, 0.48, 0.48, 0.55, 0.50, 0.49, 0.51, 0.50, 0.49,
		}, []int{10}},
		// apache/otava, tests/series_test.py.
		"otava, falls":          {search{50, 3, 100, 0.001, 0}, falls, []int{6}},
		"otava, little":         {search{50, 3, 100, 0.001, 0}, little, []int{4}},
		"otava, falls 20 %":     {search{50, 3, 100, 0.001, 0.2}, falls, []int{6}},
		"otava, less than 20 %": {search{50, 3, 100, 0.001, 0.2}, little, nil},
		"otava, many":           {search{50, 3, 100, 0.05, 0}, levels(5, 1, 8, 5, 8, 9, 9, 3), []int{5, 13, 21}},
		// apache/otava, tests/change_point_divisive_test.py.
		"otava, divisive": {search{50, 3, 100, 0.01, 0}, []float64{
			0.3, 2.4, 1.5, -0.9, -0.5, 99.7, 98.3, 99.1, 149.0, 149.7, 149.5, 149.1, 148.8, 150.0,
		}, []int{5, 8}},
		// mongodb/signal-processing-algorithms, tests/test_detection.py.
		"mongo, simple":          {search{50, 3, 100, 0.01, 0}, levels(15, 50, 15, 100), []int{15}},
		"mongo, ahead":           {search{50, 3, 100, 0.01, 0}, with(levels(15, 50, 15, 100), 14, 74), []int{15}},
		"mongo, behind":          {search{50, 3, 100, 0.01, 0}, with(levels(15, 50, 15, 100), 14, 76), []int{14}},
		"mongo, a stray one":     {search{50, 3, 100, 0.01, 0}, with(levels(15, 50, 15, 100), 2, 100), []int{15}},
		"mongo, two regressions": {search{50, 3, 100, 0.01, 0}, with(levels(15, 50, 15, 100, 15, 150), 2, 100), []int{15, 30}},
		"mongo, none":            {search{50, 3, 100, 0.01, 0}, levels(30, 50), nil},
	} {
		if got := indices(c.search.all(c.series)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	// mongodb/signal-processing-algorithms, tests/test_e_divisive.py.
	for n := 4; n < 100; n++ {
		s := levels(float64(n), 0, float64(n), 1)
		if got := indices(points.all(s)); !slices.Equal(got, []int{n}) {
			t.Errorf("%d zeros and ones: %v", n, got)
		}
	}
}

// The energies that mongodb/signal-processing-algorithms states in
// tests/test_detection.py.
func TestPublishedEnergies(t *testing.T) {
	s := with(levels(15, 50, 15, 100, 15, 150), 2, 100)
	for _, c := range []struct {
		end, cut int
		q        float64
	}{{30, 15, 649.9999999999999}, {45, 30, 1209.1954022988505}} {
		if got := cut(s, 0, c.end); got.cut != c.cut || math.Abs(got.q-c.q) > 1e-9 {
			t.Errorf("%+v, want %d with %v", got, c.cut, c.q)
		}
	}
}

// A history as a benchmark has it: noise, a wave of a day, stray slow runs, a
// regression of 12 % at 140 and its mending at 300.
func TestChangePointsOfHistory(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 26))
	s := make([]float64, 400)
	for i := range s {
		s[i] = 50 * (1 + 0.01*math.Sin(float64(i)/4) + 0.01*r.NormFloat64())
		if i%37 == 20 {
			s[i] *= 1.4
		}
		if 140 <= i && i < 300 {
			s[i] *= 1.12
		}
	}
	before := slices.Clone(s)
	got := ChangePoints(s)
	if !slices.Equal(indices(got), []int{140, 300}) {
		t.Fatalf("%+v", got)
	}
	if math.Abs(got[0].Change-0.12) > 0.01 || math.Abs(got[1].Change+0.12/1.12) > 0.01 || math.Abs(got[1].Before/got[0].After-1) > 0.01 {
		t.Errorf("%+v", got)
	}
	if got[0].P > 0.001 || math.Abs(got[0].Before-50) > 0.5 || math.Abs(got[0].After-56) > 0.5 {
		t.Errorf("%+v", got[0])
	}
	if !slices.Equal(s, before) || !slices.Equal(ChangePoints(s), got) {
		t.Error("the series was changed, or has other points the second time")
	}
}

func TestNoChangePoints(t *testing.T) {
	noise := func(sd float64) func(*rand.Rand) float64 {
		return func(r *rand.Rand) float64 { return 100 * (1 + sd*r.NormFloat64()) }
	}
	for _, sd := range []float64{0.01, 0.05, 0.15} {
		for _, n := range []int{8, 20, 100, 500, 2000} {
			if rate := share(200, n, noise(sd), func(xs []float64) bool { return ChangePoints(xs) != nil }); rate > 0 {
				t.Errorf("%d values of noise %v: %v%% of series have a point", n, sd, 100*rate)
			}
		}
	}
}

// Runs that stray by half, one in twenty, may fall together without a point.
func TestStrayRuns(t *testing.T) {
	stray := func(r *rand.Rand) float64 {
		if r.Float64() < 0.05 {
			return 150 + 2*r.NormFloat64()
		}
		return 100 + 2*r.NormFloat64()
	}
	if rate := share(1000, 100, stray, func(xs []float64) bool { return ChangePoints(xs) != nil }); rate > 0.002 {
		t.Errorf("%.2f%% of series have a point", 100*rate)
	}
}

func TestChangePointsFound(t *testing.T) {
	for _, c := range []struct {
		before, after int
		noise, step   float64
		least         float64
	}{{10, 5, 0.02, 0.1, 0.85}, {30, 3, 0.02, 0.1, 0.9}, {300, 10, 0.02, -0.1, 0.95}, {30, 20, 0.05, 0.1, 0.7}, {1000, 1000, 0.05, 0.1, 0.9}} {
		r, found := rand.New(rand.NewPCG(8, 9)), 0
		for range 200 {
			xs := drawFrom(r, c.before+c.after, func(r *rand.Rand) float64 { return 100 * (1 + c.noise*r.NormFloat64()) })
			for i := range xs[c.before:] {
				xs[c.before+i] *= 1 + c.step
			}
			near := func(p ChangePoint) bool { return max(p.Index-c.before, c.before-p.Index) <= 3 }
			if got := ChangePoints(xs); len(got) == 1 && near(got[0]) {
				found++
			}
		}
		if float64(found) < 200*c.least {
			t.Errorf("%+v: found in %d of 200", c, found)
		}
	}
}

func TestChangePointLimits(t *testing.T) {
	for name, c := range map[string]struct {
		series []float64
		want   []int
	}{
		"none":             {nil, nil},
		"one":              {[]float64{1}, nil},
		"three and three":  {levels(3, 100, 3, 110), []int{3}},
		"three and two":    {levels(3, 100, 2, 110), nil},
		"two in the midst": {levels(20, 100, 2, 200, 20, 100), nil},
		"eight of them":    {levels(20, 100, 8, 200, 20, 100), []int{20, 28}},
		"two on the way":   {rough(40, 300, 322, levels(20, 100, 2, 200)...), []int{20, 62}},
		"5 %":              {levels(20, 100, 20, 104.9), nil},
		"over 5 %":         {levels(20, 100, 20, 105.1), []int{20}},
		"5 % from above":   {levels(20, 105.1, 20, 100), []int{20}},
		"a zero":           {append(levels(20, 100, 20, 200), 0), nil},
		"not a number":     {append(levels(20, 100, 20, 200), math.NaN()), nil},
		"infinite":         {append(levels(20, 100, 20, 200), math.Inf(1)), nil},
	} {
		if got := indices(ChangePoints(c.series)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
