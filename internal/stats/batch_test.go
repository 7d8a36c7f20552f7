package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestAdjust(t *testing.T) {
	for name, c := range map[string]struct{ in, want []float64 }{
		"none": {nil, nil},
		"one":  {[]float64{0.02}, []float64{0.02}},
		// By the paper's rule, p m / rank, never over that of a larger p.
		"by hand":        {[]float64{0.01, 0.04, 0.03, 0.005}, []float64{0.02, 0.04, 0.04, 0.02}},
		"equal":          {[]float64{0.5, 0.5, 0.5}, []float64{0.5, 0.5, 0.5}},
		"capped":         {[]float64{0.9, 2}, []float64{1, 1}},
		"not a number":   {[]float64{math.NaN(), 0.01}, []float64{1, 0.02}},
		"the paper's 15": {paper, paperAdjusted},
	} {
		got := Adjust(c.in)
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	significant := 0
	for _, p := range Adjust(paper) {
		if p <= 0.05 {
			significant++
		}
	}
	if significant != 4 {
		t.Errorf("%d of the paper's are significant, want 4", significant)
	}
}

// The example of Benjamini and Hochberg's paper, section 3.2.
var (
	paper = []float64{
		0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459,
		0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
	}
	paperAdjusted = []float64{
		0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.447 / 7, 0.447 / 7, 0.0645, 0.0765,
		0.486, 6.393 / 11, 8.5785 / 12, 9.792 / 13, 11.385 / 14, 1,
	}
)

func TestGeoMean(t *testing.T) {
	for name, c := range map[string]struct {
		in   []float64
		want float64
		n    int
	}{
		"none":                {nil, 0, 0},
		"twice and half":      {[]float64{2, 0.5}, 1, 2},
		"three":               {[]float64{1, 2, 4}, 2, 3},
		"some have no ratio":  {[]float64{4, 0, math.NaN(), -1, math.Inf(1), 1}, 2, 2},
		"none has a ratio":    {[]float64{0, math.NaN()}, 0, 0},
		"order does not tell": {[]float64{4, 2, 1}, 2, 3},
	} {
		if got, n := GeoMean(c.in); math.Abs(got-c.want) > 1e-12 || n != c.n {
			t.Errorf("%s: %v of %d", name, got, n)
		}
	}
}

func TestCommonShift(t *testing.T) {
	all := func(n int, change float64) []float64 { return slices.Repeat([]float64{change}, n) }
	for name, c := range map[string]struct {
		in    []float64
		shift float64
		ok    bool
	}{
		"none":                  {nil, 0, false},
		"all of eight":          {all(8, 0.1), 0.1, true},
		"faster":                {all(8, -0.1), -0.1, true},
		"all of seven":          {all(7, 0.1), 0.1, false},
		"12 of 13":              {append(all(12, 0.1), 0), 0.1, true},
		"11 of 13":              {append(all(11, 0.1), 0, 0), 0.1, false},
		"17 of 20":              {append(all(17, 0.1), -0.1, -0.1, -0.1), 0.1, true},
		"16 of 20":              {append(all(16, 0.1), 0, 0, 0, 0), 0.1, false},
		"at 3 %":                {all(20, 0.03), 0.03, true},
		"under 3 %":             {all(20, 0.029), 0.029, false},
		"half as far counts":    {append(all(12, 0.1), all(8, 0.05)...), 0.1, true},
		"not half does not":     {append(all(12, 0.1), all(8, 0.049)...), 0.1, false},
		"nothing moved":         {all(20, 0), 0, false},
		"impossible ones":       {append(all(8, 0.1), math.NaN(), math.Inf(1), -1, -2), 0.1, true},
		"very many":             {all(100_000, 0.1), 0.1, true},
		"very many, half of it": {append(all(60_000, 0.1), all(60_000, 0)...), 0.05, false},
	} {
		shift, ok := CommonShift(c.in)
		if math.Abs(shift-c.shift) > 1e-12 || ok != c.ok {
			t.Errorf("%s: %v %v", name, shift, ok)
		}
	}
	noise := func(r *rand.Rand) float64 { return 0.1 * r.NormFloat64() }
	for _, n := range []int{8, 20, 100} {
		if rate := share(4000, n, noise, func(xs []float64) bool { _, ok := CommonShift(xs); return ok }); rate > 0.005 {
			t.Errorf("%d benchmarks that have nothing in common: %.2f%% shifts", n, 100*rate)
		}
	}
}
