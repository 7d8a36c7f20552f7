package history

// thin says which rows are shown where there are too many to be seen. Of each
// stretch those with the highest and the lowest median stay, which a mean would
// hide, and the highest CPU time and memory; of all the first, the last and those
// to keep.
func (p part) thin(most int, keep map[int]bool) []int {
	if len(p.rows) <= most {
		return p.rows
	}
	shown := make([]int, 0, most+len(keep)+2)
	stretches := max(most/4, 1)
	for s := range stretches {
		start, end := s*len(p.rows)/stretches, (s+1)*len(p.rows)/stretches
		seen := p.extremes(p.rows[start:end])
		for i, row := range p.rows[start:end] {
			if i == seen[0] || i == seen[1] || i == seen[2] || i == seen[3] || keep[row] || start+i == 0 || start+i == len(p.rows)-1 {
				shown = append(shown, row)
			}
		}
	}
	return shown
}

// extremes are where among rows the lowest and the highest median lie, the
// highest CPU time and memory; -1 without any.
func (p part) extremes(rows []int) [4]int {
	at := [4]int{-1, -1, -1, -1}
	for i, row := range rows {
		for nth, figures := range [4][]float64{p.Medians, p.Medians, p.CPU, p.MaxRSS} {
			v := figures[row]
			if v != v { // not measured
				continue
			}
			if at[nth] < 0 || (nth == 0 && v < figures[rows[at[nth]]]) || (nth > 0 && v > figures[rows[at[nth]]]) {
				at[nth] = i
			}
		}
	}
	return at
}
