package stats

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// steps is n samples near each level in turn, none equal to another.
func steps(n int, levels ...float64) []float64 {
	var xs []float64
	for _, level := range levels {
		for i := range n {
			xs = append(xs, level*(1+0.0001*float64((i*7)%n)))
		}
	}
	return xs
}

func TestWarnings(t *testing.T) {
	quiet := steps(20, 10)
	with := func(xs []float64, at int, x float64) []float64 {
		xs = slices.Clone(xs)
		xs[at] = x
		return xs
	}
	two := func(low, high float64) []float64 { // two modes, taken in turn
		xs := steps(40, low)
		for i := 0; i < len(xs); i += 2 {
			xs[i] *= high / low
		}
		return xs
	}
	for name, c := range map[string]struct {
		in    []float64
		hints []Hint
		want  []string
	}{
		"nothing":               {nil, []Hint{FromOutside}, nil},
		"quiet":                 {quiet, []Hint{FromOutside}, nil},
		"five":                  {quiet[:5], nil, []string{CodeFewSamples}},
		"six":                   {quiet[:6], nil, nil},
		"one":                   {quiet[:1], nil, []string{CodeFewSamples}},
		"short command":         {steps(20, 4.9), []Hint{FromOutside}, []string{CodeShortCommand}},
		"short, times itself":   {steps(20, 4.9), nil, nil},
		"few and short":         {steps(2, 1), []Hint{FromOutside}, []string{CodeFewSamples, CodeShortCommand}},
		"slow first":            {with(quiet, 0, 20), nil, []string{CodeSlowFirstSample}},
		"slow first of five":    {with(quiet[:5], 0, 20), nil, []string{CodeFewSamples, CodeSlowFirstSample}},
		"fast first":            {with(quiet, 0, 5), nil, []string{CodeOutliers}},
		"outlier":               {with(quiet, 9, 20), nil, []string{CodeOutliers}},
		"slow first and others": {with(with(quiet, 0, 30), 9, 20), nil, []string{CodeSlowFirstSample, CodeOutliers}},
		"slower by 5 %":         {steps(10, 10, 10.5), nil, []string{CodeDrift}},
		"faster by 5 %":         {steps(10, 10.5, 10), nil, []string{CodeDrift}},
		"slower by 2 %":         {steps(10, 10, 10.2), nil, nil},
		"slower, five a side":   {steps(5, 10, 10.5), nil, []string{CodeDrift}},
		"slower, four a side":   {steps(4, 10, 10.5), nil, nil},
		"two modes":             {two(10, 15), nil, []string{CodeBimodal}},
		"two modes 2 % apart":   {two(10, 10.2), nil, nil},
		"one step, not modes":   {steps(20, 10, 15), nil, []string{CodeDrift}},
		"all equal":             {slices.Repeat([]float64{10}, 100), nil, nil},
		"all zero":              {make([]float64, 100), nil, nil},
		"zero, then not":        {steps(20, 0, 1), nil, []string{CodeBimodal}}, // no percentage of 0
		"not a number":          {with(quiet, 3, math.NaN()), nil, nil},
		"infinite":              {with(quiet, 3, math.Inf(1)), nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var codes []string
			for _, w := range Warnings(c.in, c.hints...) {
				codes = append(codes, w.Code)
				if !strings.HasSuffix(w.Message, ".") || strings.Contains(w.Message, "%!") {
					t.Errorf("%s: %q", w.Code, w.Message)
				}
			}
			if !slices.Equal(codes, c.want) {
				t.Errorf("%v, want %v", codes, c.want)
			}
		})
	}
}

func TestWarningMessages(t *testing.T) {
	xs := steps(20, 10)
	xs[0], xs[3], xs[9] = 35, 20, 0.5
	got := Warnings(xs)
	want := []Warning{
		{CodeSlowFirstSample, "The first sample took 35.00 ms, the median is 10.01 ms: something was still cold (caches, lazy set-up). Raise warmup."},
		{CodeOutliers, "2 of 20 samples lie far from the median of 10.01 ms, the farthest at 20.00 ms; none was dropped. Quiet the machine and run again."},
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	for t1, want := range map[float64]string{0: "0.000 s", 0.0613: "61.30 µs", 5: "5.000 ms", 2500: "2.500 s"} {
		if got := ms(t1); got != want {
			t.Errorf("ms(%v) = %q, want %q", t1, got, want)
		}
	}
}

// Without drift or effect, the share of warned runs must stay under alpha; a
// drift of 10 % in noise of 5 % must be seen.
func TestDriftRates(t *testing.T) {
	yes := func(xs []float64) bool { _, _, ok := drift(xs); return ok }
	for _, n := range []int{10, 30, 60} {
		if rate := share(2000, n, lognormal(0.3), yes); rate > 0.015 {
			t.Errorf("n %d: %.2f%% false alarms", n, 100*rate)
		}
	}
	seen := func(xs []float64) bool {
		for i := range xs[len(xs)/2:] {
			xs[len(xs)/2+i] *= 1.1
		}
		return yes(xs)
	}
	if rate := share(500, 40, normal, seen); rate < 0.95 {
		t.Errorf("10 %% drift seen in %.1f%% of runs", 100*rate)
	}
}
