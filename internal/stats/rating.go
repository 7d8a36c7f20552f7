package stats

import (
	"math"
	"slices"

	moremath "github.com/aclements/go-moremath/stats"
	"golang.org/x/perf/benchmath"
)

// Rating of samples against a target.
type Rating string

// The ratings.
const (
	Fast   Rating = "fast"
	Slow   Rating = "slow"
	Unsure Rating = "unsure" // too few samples, or the interval straddles the target
)

// Rate the median of samples against a target in their unit: fast if the upper
// end of its interval is at or under the target, slow if the lower end is above,
// else unsure. Under MinForInterval samples there is no interval, so every one
// must lie on one side. No samples are unsure.
func Rate(samples []float64, target float64) Rating {
	if len(samples) == 0 {
		return Unsure
	}
	low, high := bounds(samples)
	return against(target, low, high)
}

// against holds an interval against a target.
func against(target, low, high float64) Rating {
	switch {
	case high <= target:
		return Fast
	case low > target:
		return Slow
	}
	return Unsure
}

// bounds are those of the median's interval, or of all samples without one.
func bounds(samples []float64) (low, high float64) {
	if len(samples) < MinForInterval {
		return slices.Min(samples), slices.Max(samples)
	}
	center := benchmath.AssumeNothing.Summary(ascending(samples), level)
	return center.Lo, center.Hi
}

// signZ is what the sign test needs to decide at our level in four runs of five:
// (z of 1 - 0.05/2 plus z of 0.8) / 2.
var signZ = (moremath.StdNormal.InvCDF((1+level)/2) + moremath.StdNormal.InvCDF(0.8)) / 2

// SamplesToDecide estimates how many samples in all it takes for Rate to say fast
// or slow in four of five such runs, if the samples to come fall on the two sides
// of the target as those at hand do. It is the number at hand if they decide.
//
// The order-statistic interval clears a target exactly when the sign test
// against it is significant, so the number is Noether's for that test: (z/2)² /
// (p - 1/2)² with p the share on the larger side (JASA 82, 1987, 645-647).
//
// ok is false when the median is too near the target to say: p is less than one
// standard error, 1/(2 sqrt n), from a half, so not even the side is known. That
// bounds the answer to eight times the samples at hand.
func SamplesToDecide(samples []float64, target float64) (n int, ok bool) {
	if Rate(samples, target) != Unsure {
		return len(samples), true
	}
	under := 0
	for _, x := range samples {
		if x <= target {
			under++
		}
	}
	have := float64(len(samples))
	edge := math.Abs(float64(under)/have - 0.5)
	if len(samples) == 0 || edge < 0.5/math.Sqrt(have) {
		return 0, false
	}
	need := math.Ceil(signZ * signZ / (edge * edge))
	return max(int(need), len(samples)+1), true
}
