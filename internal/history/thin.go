package history

import "benchcell/internal/bench"

// mostPoints is how many a trend shows: more than a screen is wide.
const mostPoints = 1000

// thin leaves out points where there are too many to be seen. Of each stretch the
// highest and the lowest stay, which a mean would hide, and of all the first, the
// last and those where the level changes.
func thin(points []bench.Point, changes []bench.ChangePoint) []bench.Point {
	if len(points) <= mostPoints {
		return points
	}
	keep := map[string]bool{}
	for _, c := range changes {
		keep[c.Run] = true
	}
	const stretches = mostPoints / 2
	shown := make([]bench.Point, 0, mostPoints+len(changes)+2)
	for s := range stretches {
		start, end := s*len(points)/stretches, (s+1)*len(points)/stretches
		low, high := extremes(points[start:end])
		for i := start; i < end; i++ {
			if i-start == low || i-start == high || i == 0 || i == len(points)-1 || keep[points[i].Run] {
				shown = append(shown, points[i])
			}
		}
	}
	return shown
}

// extremes are where the lowest and the highest median lie; 0 without any.
func extremes(points []bench.Point) (low, high int) {
	for i := range points {
		m := points[i].Median
		if m == nil {
			continue
		}
		if l := points[low].Median; l == nil || *m < *l {
			low = i
		}
		if h := points[high].Median; h == nil || *m > *h {
			high = i
		}
	}
	return low, high
}
