package comparison

import (
	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// mostSamples of each side are compared: they are sorted a hundred times.
const mostSamples = 10_000

// n is how many samples there should be.
func (s Side) n() int { return min(s.Run.Time.N, mostSamples) }

// times that count: no warm-up, none set aside, and not the last sample of a run
// that failed.
func (s Side) times() []float64 {
	var times []float64
	for _, sample := range s.Samples {
		if !sample.Warmup && !sample.SetAside && len(times) < s.n() {
			times = append(times, sample.Wall)
		}
	}
	return times
}

func (s Side) summary() bench.ComparedRun {
	return bench.ComparedRun{Run: s.Run.ID, Benchmark: s.Run.Slug, Median: s.Run.Time.Median, N: s.Run.Time.N}
}

func (s Side) ok() bool { return s.Run.Verdict != nil && *s.Run.Verdict == bench.OK }

// isolation that was in force, or is to be.
func (s Side) isolation() bench.Isolation {
	if s.Run.Isolation.Effective != nil {
		return *s.Run.Isolation.Effective
	}
	return s.Run.Isolation.Requested
}

// interleaved says whether the samples were taken in turns.
func (p Pair) interleaved() bool {
	return p.A.Run.PairedWith != nil && *p.A.Run.PairedWith == p.B.Run.ID
}

// compare both, if both are ok and their samples make a ratio.
func (p Pair) compare() (s stats.Comparison, ok bool) {
	switch {
	case !p.A.ok() || !p.B.ok() || p.A.gone() || p.B.gone():
		return s, false
	case p.interleaved():
		s = stats.CompareBlocks(p.A.times(), p.B.times(), bench.PerBlock)
	default:
		s = stats.Compare(p.A.times(), p.B.times())
	}
	return s, s.N > 0
}
