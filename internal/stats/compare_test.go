package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/perf/benchmath"
)

// host is a machine that takes samples in ABBA blocks: 3 % of noise on a level
// that wanders by drift from its mean, keeping most of it from sample to sample.
type host struct{ drift, keeps float64 }

func (h host) abba(r *rand.Rand, n int, effect float64) (a, b []float64) {
	at := h.drift * r.NormFloat64()
	for i := range 2 * n {
		at = h.keeps*at + math.Sqrt(1-h.keeps*h.keeps)*h.drift*r.NormFloat64()
		x := 100 * math.Exp(at+0.03*r.NormFloat64())
		if i%4 == 0 || i%4 == 3 {
			a = append(a, x)
		} else {
			b = append(b, x*(1+effect))
		}
	}
	return a, b
}

// different counts runs of 30 samples a side that are called so.
func different(runs int, keeps, effect float64, compare func(a, b []float64) Comparison) int {
	r, count := rand.New(rand.NewPCG(11, 12)), 0
	for i := range runs {
		h := host{drift: 0.03 + 0.12*float64(i)/float64(runs), keeps: keeps}
		c := compare(h.abba(r, 300, effect))
		if c.Decide(c.P, DefaultCriteria) == Different {
			count++
		}
	}
	return count
}

// enough takes samples while they hide 6 %, from 40 a side to 300, as a comparison
// does.
func enough(a, b []float64) Comparison {
	for n := 40; ; n = min(n+n/2&^1, len(a)) {
		if change, _ := DetectableInBlocks(a[:n], b[:n], 2); n == len(a) || change <= 0.06 {
			return abba(a[:n], b[:n])
		}
	}
}

// twofold are samples in turns of a program that takes a sixth longer two times in
// five, as one of a few milliseconds does on a virtual machine. Few such samples may
// show little noise, or only the one kind.
func twofold(r *rand.Rand, n int, effect float64) (a, b []float64) {
	sample := func() float64 {
		x := 100 * math.Exp(0.015*r.NormFloat64())
		if r.Float64() < 0.4 {
			return x * 7 / 6
		}
		return x
	}
	for range n {
		a, b = append(a, sample()), append(b, sample()*(1+effect))
	}
	return a, b
}

func TestCompareTwofold(t *testing.T) {
	for effect, want := range map[float64]struct{ least, most int }{0: {0, 1}, 0.1: {188, 200}} {
		r, found := rand.New(rand.NewPCG(5, 6)), 0
		for range 200 {
			c := enough(twofold(r, 300, effect))
			if c.Decide(c.P, DefaultCriteria) == Different {
				found++
			}
		}
		if found < want.least || found > want.most {
			t.Errorf("%v slower is found in %d of 200", effect, found)
		}
	}
}

func abba(a, b []float64) Comparison { return CompareBlocks(a, b, 2) }

// The promise, under 3 to 15 % of drift, slow (0.99) to fast (0.8); and why the
// plain test is not the one for blocks.
func TestCompareUnderDrift(t *testing.T) {
	for _, keeps := range []float64{0.99, 0.8} {
		if n := different(500, keeps, 0, enough); n > 1 {
			t.Errorf("keeps %v: A differs from itself in %d of 500", keeps, n)
		}
		if n := different(200, keeps, 0.1, enough); n < 188 {
			t.Errorf("keeps %v: 10 %% slower is found in %d of 200", keeps, n)
		}
		if n := different(200, keeps, -0.1/1.1, enough); n < 188 {
			t.Errorf("keeps %v: as much faster is found in %d of 200", keeps, n)
		}
	}
	if n := different(200, 0.8, 0.1, func(a, b []float64) Comparison { return Compare(a[:30], b[:30]) }); n >= 188 {
		t.Errorf("the plain test finds %d of 200 too", n)
	}
}

// With no effect p < 0.01 in about 1 % of runs, and the interval holds the truth
// in 95 %; from the fewest samples on, and whatever the shape of the noise.
func TestCompareLevel(t *testing.T) {
	for name, c := range map[string]struct {
		n       int
		shape   func(*rand.Rand) float64
		compare func(a, b []float64) Comparison
	}{
		"plain, 6":        {6, normal, Compare},
		"plain, 30":       {30, lognormal(0.3), Compare},
		"plain, 60":       {60, exponential, Compare},
		"blocks, 6":       {6, normal, abba},
		"blocks, 7":       {7, normal, abba},
		"blocks, 20":      {20, lognormal(0.3), abba},
		"blocks, 60":      {60, normal, abba}, // beyond the exact ones
		"blocks of 10":    {20, exponential, func(a, b []float64) Comparison { return CompareBlocks(a, b, 10) }},
		"blocks of 1, 20": {20, normal, func(a, b []float64) Comparison { return CompareBlocks(a, b, 1) }},
	} {
		r, runs, alarms, holds := rand.New(rand.NewPCG(5, 6)), 500, 0, 0
		for range runs {
			got := c.compare(drawFrom(r, c.n, c.shape), drawFrom(r, c.n, c.shape))
			if got.P < 0.01 {
				alarms++
			}
			if got.Low <= 0 && 0 <= got.High {
				holds++
			}
		}
		if alarms > 11 || holds < 465 {
			t.Errorf("%s: p < 0.01 in %d of %d, interval holds in %d", name, alarms, runs, holds)
		}
	}
}

func TestCompareByHand(t *testing.T) {
	a := []float64{10, 10.1, 10.2, 10.3, 10.4, 10.5}
	b := make([]float64, len(a))
	for i := range a {
		b[i] = 2 * a[i]
	}
	c := Compare(a, b)
	if c.N != 6 || math.Abs(c.Effect-1) > 1e-9 || math.Abs(c.MedianA-10.25) > 1e-9 || math.Abs(c.MedianB-20.5) > 1e-9 {
		t.Errorf("%+v", c)
	}
	// All of six under all of six: two of the 924 orders.
	if math.Abs(c.P-2.0/924) > 1e-9 || math.Abs(c.LeastP-c.P) > 1e-9 || !c.HasCI || !(0.9 < c.Low && c.Low <= c.Effect && c.Effect <= c.High && c.High < 1.1) {
		t.Errorf("%+v", c)
	}
	// Three blocks of two and two: two of 6³ orders.
	if c := CompareBlocks(a, b, 2); math.Abs(c.P-2.0/216) > 1e-9 || math.Abs(c.LeastP-c.P) > 1e-9 || math.Abs(c.Effect-1) > 1e-5 {
		t.Errorf("%+v", c)
	}
	if c := Compare(a, a); c.P != 1 || c.Effect != 0 || !(c.Low < 0 && 0 < c.High) {
		t.Errorf("%+v", c)
	}
}

func TestDetectableInBlocksIsThatOfTheComparison(t *testing.T) {
	a, b := draw(30, exponential), draw(31, lognormal(0.3))
	want, _ := abba(a, b).Detectable()
	if change, ok := DetectableInBlocks(a, b, 2); !ok || change != want || !(change > 0) {
		t.Errorf("%v %v, compared %v", change, ok, want)
	}
	if change, ok := DetectableInBlocks(a, []float64{0}, 2); ok {
		t.Errorf("%v where there is no ratio", change)
	}
}

// One block is the Mann-Whitney test, which benchmath has: exact and not, with
// ties and without.
func TestRankAsBenchmath(t *testing.T) {
	for n := 1; n <= 60; n += 3 {
		for _, steps := range []float64{3, 1e6} {
			a := draw(n, func(r *rand.Rand) float64 { return 1 + math.Floor(steps*r.Float64()) })
			b := draw(n+1, func(r *rand.Rand) float64 { return 1 + math.Floor(1.4*steps*r.Float64()) })[1:]
			want := benchmath.AssumeNothing.Compare(ascending(a), ascending(b)).P
			got := rank([]block{{logs(a), logs(b)}}, 0).p()
			if slack := map[bool]float64{true: 1e-9, false: 0.04}[2*n <= exactBlock]; math.Abs(got-want) > slack {
				t.Errorf("n %d, %v steps: %v, benchmath %v", n, steps, got, want)
			}
		}
	}
}

func TestDecide(t *testing.T) {
	for name, c := range map[string]struct {
		c    Comparison
		p    float64
		by   Criteria
		want Decision
	}{
		"nothing":             {Compare(nil, nil), 0, DefaultCriteria, TooFew},
		"five":                {Comparison{N: 5, Effect: 1}, 0, DefaultCriteria, TooFew},
		"six":                 {Comparison{N: 6, Effect: 1}, 0.0000199, DefaultCriteria, Different},
		"faster":              {Comparison{N: 6, Effect: -0.5}, 0.0000199, DefaultCriteria, Different},
		"p at the limit":      {Comparison{N: 6, Effect: 1}, 0.00002, DefaultCriteria, NoDifference},
		"few, all apart":      {Comparison{N: 6, Effect: 1, LeastP: 0.0022}, 0.0022, DefaultCriteria, Different},
		"few, one mingles":    {Comparison{N: 6, Effect: 1, LeastP: 0.0022}, 0.0044, DefaultCriteria, NoDifference},
		"no order is rare":    {Comparison{N: 6, Effect: 1, LeastP: 0.01}, 0.01, DefaultCriteria, TooFew},
		"effect at the limit": {Comparison{N: 6, Effect: 0.03}, 0, DefaultCriteria, Different},
		"effect under it":     {Comparison{N: 6, Effect: 0.0299}, 0, DefaultCriteria, NoDifference},
		"other criteria":      {Comparison{N: 6, Effect: 0.02}, 0.04, Criteria{0.05, 0.01}, Different},
		"p not a number":      {Comparison{N: 6, Effect: 1}, math.NaN(), DefaultCriteria, NoDifference},
	} {
		if got := c.c.Decide(c.p, c.by); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestCompareOddInput(t *testing.T) {
	good := []float64{1, 2, 3, 4, 5, 6}
	for name, b := range map[string][]float64{
		"none": nil, "zero": {1, 2, 0, 4, 5, 6}, "negative": {1, 2, -3, 4, 5, 6},
		"not a number": {1, 2, math.NaN(), 4, 5, 6}, "infinite": {1, 2, math.Inf(1), 4, 5, 6},
	} {
		for _, c := range []Comparison{Compare(good, b), Compare(b, good), abba(good, b), abba(b, good)} {
			if c != (Comparison{P: 1}) {
				t.Errorf("%s: %+v", name, c)
			}
		}
	}
	if c := CompareBlocks(good, good, 0); c != (Comparison{P: 1}) {
		t.Errorf("no block: %+v", c)
	}
	// What was taken beside nothing is left out.
	if c, d := CompareBlocks(good, append(slices.Clone(good), 1000, 1000), 2), CompareBlocks(good, good, 2); c != d {
		t.Errorf("%+v, want %+v", c, d)
	}
}
