package stats

import (
	"math"

	"golang.org/x/perf/benchmath"
)

const (
	// outlierScore is the threshold of hyperfine, ten standard deviations:
	// 1.4826 MAD estimates one.
	outlierScore = 1.4826 * 10
	// minForOutliers: of three samples, two that happen to be close make an
	// outlier of the third in 11 % of clean runs.
	minForOutliers = 4
	// minEffect is the smallest relative difference worth a word.
	minEffect = 0.03
)

// Outliers returns the indices, in run order, of the samples that lie far from
// the median. They are flagged, never dropped: every figure includes them. Under
// four samples there are none.
//
// A sample is an outlier when its modified z-score |x - median| / MAD is over
// 14.826 (Iglewicz and Hoaglin 1993, with the threshold of hyperfine's
// outlier_detection.rs). Where more than half of the samples are equal, the MAD
// is 0 and gives no scale: then 3 % of the median takes its place, so that one
// tick of a coarse clock is not an outlier.
//
// Tukey's outer fences (3 interquartile ranges) are left out: in simulated clean
// runs of 100 samples they flag 60 % of the exponential and 16 % of mildly
// lognormal (sigma 0.3) runs, against 7 % and 0.05 % here, and skew is what
// benchmarks have.
func Outliers(samples []float64) []int {
	return outliers(samples, ascending(samples))
}

func outliers(samples []float64, sorted *benchmath.Sample) []int {
	if len(samples) < minForOutliers {
		return nil
	}
	median := quantile(sorted.Values, 0.5)
	limit := outlierScore * mad(samples, median)
	if limit == 0 {
		limit = minEffect * math.Abs(median)
	}
	if limit == 0 { // more than half are 0: nothing to measure by
		return nil
	}
	var far []int
	for i, x := range samples {
		if math.Abs(x-median) > limit {
			far = append(far, i)
		}
	}
	return far
}
