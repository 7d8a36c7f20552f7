package history

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"benchcell/internal/bench"
)

// long is a store with one benchmark of many runs, its points made beforehand.
type long struct {
	Store
	runs    []int64
	medians []*float64
	level   []float64
}

func (*long) Series(context.Context, bench.Series) (bench.Series, error) {
	return bench.Series{}, nil
}

func (l *long) Course(context.Context, bench.Series, int) ([]int64, []*float64, error) {
	return l.runs, l.medians, nil
}

func (l *long) Points(_ context.Context, _ bench.Series, runs []int64) ([]bench.Point, error) {
	list := make([]bench.Point, len(runs))
	for i, n := range runs {
		list[i] = bench.Point{Run: fmt.Sprint(n), Median: l.medians[n], Verdict: bench.OK}
	}
	return list, nil
}

func (l *long) Level(context.Context, bench.Series, string, bool) ([]float64, error) {
	return l.level, nil
}

// BenchmarkTrend is a trend without its reading from the store: see
// BenchmarkCourse there.
func BenchmarkTrend(b *testing.B) {
	for _, n := range []int{5000, 10_000} {
		b.Run(fmt.Sprint("n=", n), func(b *testing.B) {
			r, l := rand.New(rand.NewPCG(1, 2)), &long{}
			for i := range n {
				m := (10 + float64(i/500%2)) * (1 + 0.02*r.NormFloat64())
				l.runs, l.medians = append(l.runs, int64(i)), append(l.medians, &m)
				l.level = append(l.level[:min(i, 999)], m)
			}
			h := New(l, nil, nil)
			for b.Loop() {
				if t, err := h.Trend(b.Context(), bench.TrendQuery{}); err != nil || len(t.ChangePoints) == 0 {
					b.Fatal(t, err)
				}
			}
		})
	}
}
