package worker

import (
	"fmt"
	"math"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// enough says whether there are enough samples, taken over so much time.
func (t *taking) enough(elapsed time.Duration) bool {
	wanted, n := t.plan.Samples(), len(t.m.Timed())
	switch {
	case n == 0:
		return false
	case t.overBudget():
		if n < wanted.Min {
			t.warnOfBudget(n, wanted.Min)
		}
	case n+t.atOnce(wanted) > wanted.Max:
	case n < wanted.Min || elapsed < millis(wanted.MinTime):
		return false
	default:
		return wanted.Precision == 0 || t.precise(wanted.Precision)
	}
	if wanted.Precision == 0 {
		return true
	}
	if width := t.width(); width > wanted.Precision {
		t.warn("precision_not_reached", fmt.Sprintf("After %d samples the median's 95 %% interval is ±%.2g %%, and ±%.2g %% was asked for. "+
			"Raise max or the budget, or quiet the machine.", n, 100*width, 100*wanted.Precision))
	}
	return true
}

// atOnce is how many samples the next execution takes.
func (t *taking) atOnce(wanted bench.Sampling) int {
	if t.timesItself() {
		return wanted.Min
	}
	return 1
}

func (t *taking) overBudget() bool {
	return t.plan.Budget > 0 && t.spent() >= millis(t.plan.Budget)
}

// spent is how much time went by that was ours.
func (t *taking) spent() time.Duration { return time.Since(t.started) - t.waited }

func (t *taking) warnOfBudget(n, of int) {
	t.warn("budget_reached", fmt.Sprintf("The budget of %v was over after %d of %d samples.", millis(t.plan.Budget), n, of))
}

// precise looks at the interval each time that there is a twentieth more of the
// samples: sorting them all after each would take longer than many a sample.
func (t *taking) precise(wanted float64) bool {
	n := len(t.m.Timed())
	if n < t.lookAt {
		return false
	}
	t.lookAt = n + 1 + n/20
	return t.width() <= wanted
}

// width is half the width of the median's interval, as a share of the median.
func (t *taking) width() float64 {
	s := stats.Summarize(t.m.Walls())
	switch {
	case !s.HasCI:
		return math.Inf(1)
	case s.CIHigh == s.CILow:
		return 0
	}
	return (s.CIHigh - s.CILow) / 2 / s.Median
}
