package stats

import (
	"math"
	"slices"
)

// Codes of warnings: stable, for scripts.
const (
	CodeFewSamples      = "few_samples"
	CodeShortCommand    = "short_command"
	CodeSlowFirstSample = "slow_first_sample"
	CodeOutliers        = "outliers"
	CodeDrift           = "drift"
	CodeBimodal         = "bimodal"
)

// shortCommand is hyperfine's limit, in ms: under it the start of the process is
// a large part of what is timed.
const shortCommand = 5

// Warning is something a reader of the figures must know. Message is a sentence
// or three for people and ends with what to do.
type Warning struct {
	Code    string
	Message string
}

// Hint tells Warnings what samples alone do not show.
type Hint int

// FromOutside says that each sample is one execution of a command, its start included.
const FromOutside Hint = 1

// Warnings about one run's samples, in ms and run order; at most one per code,
// always in the order of the codes above. None for no samples or ones that are
// not finite.
//
// Of causes that look alike only the nearest is named: a run that drifts is not
// called bimodal, and the smaller of two modes does not count as outliers.
func Warnings(samples []float64, hints ...Hint) []Warning {
	if len(samples) == 0 || slices.ContainsFunc(samples, notFinite) {
		return nil
	}
	sorted := ascending(samples)
	found := findings{n: len(samples), median: quantile(sorted.Values, 0.5)}
	found.few()
	if slices.Contains(hints, FromOutside) {
		found.short()
	}
	low, high, bimodal := modes(sorted.Values)
	if !bimodal {
		found.far(samples, outliers(samples, sorted))
	}
	if first, second, drifts := drift(samples); drifts {
		found.drift(first, second)
	} else if bimodal {
		found.bimodal(low, high)
	}
	return found.warnings
}

func notFinite(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
