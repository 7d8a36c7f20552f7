package history

// mostPoints is how many a trend shows: more than a screen is wide.
const mostPoints = 1000

// thin says which points are shown where there are too many to be seen. Of each
// stretch the highest and the lowest stay, which a mean would hide, and of all
// the first, the last and those to keep.
func thin(medians []*float64, keep map[int]bool) []int {
	shown := make([]int, 0, mostPoints+len(keep)+2)
	if len(medians) <= mostPoints {
		for i := range medians {
			shown = append(shown, i)
		}
		return shown
	}
	const stretches = mostPoints / 2
	for s := range stretches {
		start, end := s*len(medians)/stretches, (s+1)*len(medians)/stretches
		low, high := extremes(medians[start:end])
		for i := start; i < end; i++ {
			if i-start == low || i-start == high || i == 0 || i == len(medians)-1 || keep[i] {
				shown = append(shown, i)
			}
		}
	}
	return shown
}

// extremes are where the lowest and the highest median lie; 0 without any.
func extremes(medians []*float64) (low, high int) {
	for i, m := range medians {
		if m == nil {
			continue
		}
		if l := medians[low]; l == nil || *m < *l {
			low = i
		}
		if h := medians[high]; h == nil || *m > *h {
			high = i
		}
	}
	return low, high
}
