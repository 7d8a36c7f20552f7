package api

import (
	"sync"

	"benchcell/internal/bench"
)

// levels remembers where the newest medians of benchmarks change their level: to
// look takes longer than all else that an overview of hundreds asks for.
type levels struct {
	mu    sync.Mutex
	known map[string]level // by slug
}

// level is what was found while a run was the latest.
type level struct {
	latest  string
	changes []int
}

// changes of the medians of a benchmark, which were read after its latest run.
func (l *levels) changes(slug string, latest *bench.Run, medians []float64, find func([]float64) []int) []int {
	if latest == nil {
		return []int{}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if known := l.known[slug]; known.latest == latest.ID {
		return known.changes
	}
	if l.known == nil {
		l.known = map[string]level{}
	}
	found := level{latest.ID, find(medians)}
	l.known[slug] = found
	return found.changes
}
