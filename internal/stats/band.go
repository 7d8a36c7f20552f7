package stats

import "slices"

const (
	// MinForBand is how many runs a band needs. With fewer the MAD is too unsure
	// of itself, and a benchmark is "learning".
	MinForBand = 8
	// bandWidth in standard deviations, by the MAD.
	bandWidth = 3
	// minBand is the least half-width, as a share: less is no news to anyone.
	minBand = 0.05
	// sigma times the MAD of normal values is their standard deviation.
	sigma = 1.4826
)

// Band is where the next run's median is expected to lie, in the unit of the
// history. All figures but N are 0 while it is learning.
type Band struct {
	N         int // runs it stands on
	Median    float64
	Low, High float64
	// Noise is the floor under which changes from run to run say nothing: the
	// relative standard deviation, 1.4826 MAD / median.
	Noise float64
	// Detectable is the smallest change, as a share, that takes a single run out
	// of the band four times in five: half the band's width + 0.84 Noise.
	Detectable float64
}

// Place of a run against a band.
type Place string

// The places.
const (
	Learning Place = "learning" // the history is too short
	Within   Place = "within"
	Above    Place = "above"
	Under    Place = "under"
)

// NewBand of a history: the medians of the runs since the last accepted change,
// on one machine, isolation and definition, in any order. It is their median ±
// the larger of 3 × 1.4826 MAD and 5 %. Under MinForBand runs, or where one is
// not positive and finite, it is learning.
//
// A run out of the band is a reason to run again, not yet a change. In normal
// noise of 3 and 15 %, chance puts 1.2 and 1.3 % of runs out of a band of 30, and
// 0.03 % twice on one side; of a band of 8, 4 and 6 %, and 0.3 and 1.2 % twice.
func NewBand(history []float64) Band {
	b := Band{N: len(history)}
	if b.N < MinForBand || slices.ContainsFunc(history, unusable) {
		return b
	}
	b.Median = middle(history)
	spread := sigma * mad(history, b.Median)
	half := max(bandWidth*spread, minBand*b.Median)
	b.Low, b.High = max(0, b.Median-half), b.Median+half
	b.Noise = spread / b.Median
	b.Detectable = half/b.Median + powerZ*b.Noise
	return b
}

// Place a run's median. Its ends belong to the band; what is not a number is
// Within, for it says nothing.
func (b Band) Place(median float64) Place {
	switch {
	case b.Median == 0:
		return Learning
	case median > b.High:
		return Above
	case median < b.Low:
		return Under
	}
	return Within
}
