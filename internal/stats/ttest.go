package stats

import (
	"math"

	moremath "github.com/aclements/go-moremath/stats"
)

// longForT is how many values a distribution is taken for normal beyond: those of
// Student and of coins do not converge in moremath for very many.
const longForT = 1000

// tTest is Student's, two-sided, for equal variances; the p-value. moremath's own
// fails where there is no variance, which is what coarse clocks give: then any
// difference is certain. 1 where nothing can be said.
func tTest(left, right []float64) float64 {
	free := float64(len(left) + len(right) - 2)
	apart := math.Abs(moremath.Mean(left) - moremath.Mean(right))
	if free < 1 || apart == 0 {
		return 1
	}
	pooled := (squares(left) + squares(right)) / free
	t := apart / math.Sqrt(pooled*(1/float64(len(left))+1/float64(len(right))))
	switch {
	case math.IsNaN(t):
		return 1
	case free > longForT:
		return 2 * moremath.StdNormal.CDF(-t)
	}
	return 2 * (1 - moremath.TDist{V: free}.CDF(t))
}

// squares is the sum of squared distances from the mean.
func squares(xs []float64) float64 {
	if len(xs) < 2 {
		return 0
	}
	return moremath.Variance(xs) * float64(len(xs)-1)
}
