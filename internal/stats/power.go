package stats

import (
	"math"

	moremath "github.com/aclements/go-moremath/stats"
)

// power is how often a change that we call detectable is found: in four of five.
const power = 0.8

var (
	powerZ = moremath.StdNormal.InvCDF(power)
	findZ  = moremath.StdNormal.InvCDF(1-compareAlpha/2) + powerZ

	intervalZ = moremath.StdNormal.InvCDF((1 + level) / 2)
)

// perSample: the rank tests need π/3 times the samples of a t-test on normal
// noise (Pitman efficiency), and a t-test of A against B two z² σ²/δ² a side.
const perSample = 2 * math.Pi / 3

// stiff is how many samples a side do nothing for p < 0.00002: few orders cost power
// that the formula for many samples does not know. Under few samples only the
// clearest order of all will do, and that takes a shift of apart standard
// deviations, however few. Found by simulation, from 6 samples a side to 100, as
// TestDetectableHolds shows.
const (
	stiff = 7
	few   = 16
	apart = 3.1
)

// Detectable is the smallest change, as a share (0.05 is 5 %), that a comparison
// of n samples a side calls Different four times in five, by DefaultCriteria.
// Noise is the relative spread of one sample, as Comparison has it. ok is false
// under MinForInterval samples.
//
// It is the larger of two: what reaches p < 0.00002, δ = z σ sqrt(2π / 3(n-7)) with
// z = 4.26 + 0.84, and what shows as 3 %, δ = ln 1.03 + 0.84 σ sqrt(π/n), where
// sqrt(π/n) is the standard error of a difference of medians; δ and σ are those
// of logarithms.
func Detectable(noise float64, n int) (change float64, ok bool) {
	if n < MinForInterval || notFinite(noise) {
		return 0, false
	}
	sure := apart * noise
	if n >= few {
		sure = findZ * noise * math.Sqrt(perSample/float64(n-stiff))
	}
	large := math.Log1p(minEffect) + powerZ*noise*math.Sqrt(math.Pi/float64(n))
	return math.Expm1(max(sure, large)), true
}

// roughness is how much farther than on normal noise a shift must reach for the test to
// find it on a machine's, whose slow samples come in bursts: 1.3 to 1.5 in comparisons
// of a program of 6 ms, resampled.
const roughness = 4.0 / 3

// Detectable is that of normal samples with such noise, or what the interval leaves
// room for if that is more: the interval knows of samples far out and of blocks that
// differ, which the noise of most samples does not tell.
func (c Comparison) Detectable() (change float64, ok bool) {
	change, ok = Detectable(c.Noise, c.N)
	if ok && c.HasCI {
		spread := roughness * (math.Log1p(c.High) - math.Log1p(c.Low)) / (2 * intervalZ)
		change = max(change, math.Expm1(max(findZ*spread, math.Log1p(minEffect)+powerZ*spread)))
	}
	return change, ok
}

// SamplesToSee is the smallest n, a side, at which a change is Detectable. ok is
// false for changes of 3 % and less, which no number of samples makes Different,
// and for ones that it takes over a million samples to see.
func SamplesToSee(noise, change float64) (n int, ok bool) {
	delta := math.Log1p(change)
	beyond := delta - math.Log1p(minEffect)
	if !(beyond > 0) || math.IsInf(change, 1) || !(noise >= 0) {
		return 0, false
	}
	z, zLarge := findZ*noise/delta, powerZ*noise/beyond
	sure, large := max(stiff+perSample*z*z, few), math.Pi*zLarge*zLarge
	if apart*noise <= delta {
		sure = MinForInterval
	}
	need := math.Ceil(max(sure, large, MinForInterval))
	return int(min(need, 1e6)), need <= 1e6
}
