package scheduler

import "benchcell/internal/bench"

// Plan says which of the waiting runs start now, given those that run. It is a
// pure function of its arguments:
//
//   - a measured run has the machine for itself;
//   - unmeasured ones share it, at most capacity at a time and at most
//     Parallel of one batch;
//   - nobody overtakes a measured run, so that it is not starved.
func Plan(waiting, running []bench.Waiting, capacity int) []bench.Waiting {
	free := capacity - len(running)
	inBatch := map[string]int{}
	for _, r := range running {
		if r.Measured {
			return nil
		}
		inBatch[r.Batch]++
	}
	var start []bench.Waiting
	for _, w := range waiting {
		if w.Measured {
			if len(running)+len(start) == 0 {
				start = append(start, w)
			}
			return start
		}
		if free <= 0 {
			return start
		}
		if w.Batch != "" && inBatch[w.Batch] >= w.Parallel {
			continue
		}
		inBatch[w.Batch]++
		free--
		start = append(start, w)
	}
	return start
}

// full lists the batches of which no more unmeasured runs may start.
func full(running []bench.Waiting) (batches []string) {
	inBatch := map[string]int{}
	for _, r := range running {
		inBatch[r.Batch]++
		if r.Batch != "" && inBatch[r.Batch] == r.Parallel {
			batches = append(batches, r.Batch)
		}
	}
	return batches
}
