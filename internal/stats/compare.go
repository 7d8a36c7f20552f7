package stats

import (
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// Comparison of the samples of B with those of A, in one unit.
//
// Effect is by how much of A's time B takes longer: 0.1 is 10 % slower. Low and
// High bound it at 95 %: they are the shifts of B that the rank test would not
// reject (Hodges and Lehmann, Annals of Mathematical Statistics 34, 1963,
// 598-611). That suits the test, as it leaves 0 out where p < 0.05, and holds
// from six samples on, where a bootstrap of medians, the way of x/perf's
// benchseries, covers too little.
type Comparison struct {
	N                int     // samples of A, and of B where these are fewer
	MedianA, MedianB float64 // of the samples as they are
	Effect           float64
	Low, High        float64 // 0, and HasCI false, under MinForInterval samples
	HasCI            bool
	P                float64 // that a shift as clear comes by chance; two-sided
	LeastP           float64 // that the clearest shift of so many samples has
	Noise            float64 // relative spread of one sample, for Detectable
}

// Criteria for the word Different: both must hold.
type Criteria struct {
	P      float64 // p is under it, or as small as so few samples can make it, if that is under 0.01
	Effect float64 // and the effect, in either direction, is this at least
}

// DefaultCriteria find no difference where there is none, not once in thousands of
// comparisons in turns. That takes a p far under the usual 0.01: 3 % is a hurdle to
// chance only where noise is low, and whoever is told of a difference acts on it.
// The price is half again as many standard errors, which more samples pay.
var DefaultCriteria = Criteria{P: compareAlpha, Effect: minEffect}

// compareAlpha is the level for saying that B differs from A.
const compareAlpha = 2e-5

// Decision on a comparison.
type Decision string

// The decisions. The sign of the effect tells slower from faster.
const (
	Different    Decision = "different"
	NoDifference Decision = "no_difference_found"
	TooFew       Decision = "too_few_samples"
)

// Decide by a p-value: c.P for one benchmark, that of Adjust for one of a batch.
func (c Comparison) Decide(p float64, by Criteria) Decision {
	switch {
	case c.N < MinForInterval || c.LeastP >= alpha:
		return TooFew
	case p < max(by.P, clearest*c.LeastP) && math.Abs(c.Effect) >= by.Effect:
		return Different
	}
	return NoDifference
}

// clearest makes LeastP a limit that it lies under itself, however it was rounded.
const clearest = 1 + 1e-9

// Compare samples of A and B that were not taken in turns: Effect is the ratio of
// their medians less one, P that of the Mann-Whitney U test of benchmath, exact up
// to 50 samples each, 25 with ties. It is only fair where nothing but the code
// changed between them; else see CompareBlocks.
//
// A ratio needs something to divide by: where a sample is 0, negative or not
// finite, N is 0.
func Compare(a, b []float64) Comparison {
	if !haveRatio(a, b) {
		return Comparison{P: 1}
	}
	c := compare(a, b, []block{{logs(a), logs(b)}})
	c.Effect = c.MedianB/c.MedianA - 1
	c.Low, c.High = min(c.Low, c.Effect), max(c.High, c.Effect)
	if !c.HasCI {
		c.Low, c.High = 0, 0
	}
	c.P = min(1, benchmath.AssumeNothing.Compare(ascending(a), ascending(b)).P)
	c.LeastP = leastP([]block{{a, b}})
	return c
}

// CompareBlocks compares samples that one machine took in turns: perBlock of A
// and as many of B make a block (2 for ABBA). a and b are in run order, and what
// one has more than the other is left out.
//
// Each sample is divided by the median of its block before ranks are taken, so
// that the drift of a machine from block to block goes away, and the test asks
// how often a random order within the blocks would tell A from B as well: the
// aligned rank test (Hodges and Lehmann, Annals of Mathematical Statistics 33,
// 1962, 482-497). Effect is the shift that makes these ranks even, for the ratio
// of medians would have the drift in it. A plain U test keeps its level under
// drift, but not its power, and a signed-rank test of block ratios can't say p <
// 0.01 under eight blocks. TestCompareUnderDrift has the figures.
func CompareBlocks(a, b []float64, perBlock int) Comparison {
	n := min(len(a), len(b))
	blocks := inBlocks(a[:n], b[:n], perBlock)
	if len(blocks) == 0 {
		return Comparison{P: 1}
	}
	c := compare(a[:n], b[:n], blocks)
	c.P, c.LeastP = rank(blocks, 0).p(), leastP(blocks)
	return c
}

// DetectableInBlocks is what CompareBlocks can find in these samples. It goes by their
// noise alone, and not by what there is to find. ok is false where there is no ratio.
func DetectableInBlocks(a, b []float64, perBlock int) (change float64, ok bool) {
	n := min(len(a), len(b))
	blocks := inBlocks(a[:n], b[:n], perBlock)
	if len(blocks) == 0 {
		return 0, false
	}
	return compare(a[:n], b[:n], blocks).Detectable()
}

// inBlocks are the logarithms of as many samples of A as of B; nil where these have
// no ratio.
func inBlocks(a, b []float64, perBlock int) (blocks []block) {
	if !haveRatio(a, b) || perBlock < 1 {
		return nil
	}
	for from := 0; from < len(a); from += perBlock {
		to := min(from+perBlock, len(a))
		blocks = append(blocks, block{logs(a[from:to]), logs(b[from:to])})
	}
	return blocks
}

func compare(a, b []float64, blocks []block) Comparison {
	c := Comparison{N: min(len(a), len(b)), MedianA: middle(a), MedianB: middle(b), Noise: noise(blocks)}
	shift, low, high, ok := estimate(blocks)
	c.Effect = math.Expm1(shift)
	if ok && c.N >= MinForInterval {
		c.Low, c.High, c.HasCI = math.Expm1(low), math.Expm1(high), true
	}
	return c
}

func haveRatio(a, b []float64) bool {
	return len(a) > 0 && len(b) > 0 && !slices.ContainsFunc(a, unusable) && !slices.ContainsFunc(b, unusable)
}
