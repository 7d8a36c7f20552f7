package stats

import (
	"math"

	"golang.org/x/perf/benchmath"
)

const (
	// alpha is the level for every statement that two sets of samples differ.
	alpha = 0.01
	// minForDrift: with fewer than five a side Mann-Whitney cannot reach alpha.
	minForDrift = 10
)

// drift compares the second half of a run with the first and returns their
// medians; ok if they differ by Mann-Whitney U (p < 0.01, by benchmath) and by
// 3 % at least. A clean run says so once in a hundred at most.
func drift(samples []float64) (first, second float64, ok bool) {
	n := len(samples)
	if n < minForDrift {
		return 0, 0, false
	}
	a, b := ascending(samples[:n/2]), ascending(samples[n/2:])
	first, second = quantile(a.Values, 0.5), quantile(b.Values, 0.5)
	// The effect first: the exact test on ties takes milliseconds.
	if first <= 0 || math.Abs(second/first-1) < minEffect {
		return 0, 0, false
	}
	a.Thresholds = &benchmath.Thresholds{CompareAlpha: alpha}
	test := benchmath.AssumeNothing.Compare(a, b)
	return first, second, test.P < test.Alpha
}
