package stats

// minForModes keeps false alarms of modes under one in a thousand.
const minForModes = 30

// modes looks for two groups of samples with a valley between them and returns
// the median of each. ok if each group holds a fifth of the samples at least,
// fewer than a twentieth lie in the valley, the valley is wider than the central
// 80 % of either group, and the medians differ by 3 % at least.
//
// The rule is our own, for neither library has a test and Hartigan's dip, the
// known one, needs tables. It is strict by design. In simulation (40,000 runs of
// 30 samples, 4,000 of 1,000) normal, uniform, exponential, Pareto (2) and
// lognormal (0.3 and 1) samples give at most 0.05 % false alarms, less with more
// samples; two equal normal modes are found in 92 % of runs if 8 standard
// deviations apart, in 10 % if 5. TestModesRates holds these figures.
func modes(sorted []float64) (low, high float64, ok bool) {
	if len(sorted) < minForModes {
		return 0, 0, false
	}
	below, above := split(sorted)
	valley := above[0] - below[len(below)-1]
	low, high = quantile(below, 0.5), quantile(above, 0.5)
	ok = valley > spread(below) && valley > spread(above) && high >= low*(1+minEffect)
	return low, high, ok
}

// split cuts out the widest valley and returns what lies on either side of it.
func split(sorted []float64) (below, above []float64) {
	n := len(sorted)
	least, steps := (n+4)/5, max(1, n/20)
	cut, widest := least, -1.0
	for i := least; i+steps-1 <= n-least; i++ {
		if w := sorted[i+steps-1] - sorted[i-1]; w > widest {
			cut, widest = i, w
		}
	}
	return sorted[:cut], sorted[cut+steps-1:]
}

// spread is the width of the central 80 %, so that a stray sample does not count.
func spread(sorted []float64) float64 {
	return quantile(sorted, 0.9) - quantile(sorted, 0.1)
}
