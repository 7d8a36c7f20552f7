package history

import (
	"context"
	"slices"
	"strings"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// Trend is the history of one series: its points, its band, where its level
// changed, and how the latest run stands to a baseline.
func (h *History) Trend(ctx context.Context, q bench.TrendQuery) (*bench.Trend, error) {
	series, err := h.store.Series(ctx, q.Series)
	if err != nil {
		return nil, err
	}
	runs, medians, err := h.store.Course(ctx, series, q.Limit)
	if err != nil {
		return nil, err
	}
	at, values := usable(medians)
	changes := stats.ChangePoints(values)
	shown := thin(medians, needed(at, changes))
	numbers := make([]int64, len(shown))
	for i, index := range shown {
		numbers[i] = runs[index]
	}
	t := &bench.Trend{Series: series, Total: len(runs), Band: bench.Band{Place: string(stats.Learning)}}
	if t.Points, err = h.store.Points(ctx, series, numbers); err != nil {
		return nil, err
	}
	point := func(nth int) *bench.Point { // of those with a median
		i, _ := slices.BinarySearch(shown, at[nth])
		return &t.Points[i]
	}
	t.ChangePoints = make([]bench.ChangePoint, len(changes))
	for i, c := range changes {
		t.ChangePoints[i] = bench.ChangePoint{Run: point(c.Index).Run, Before: c.Before, After: c.After, Change: c.Change, P: c.P}
	}
	return t, h.addLatest(ctx, t, q.Baseline, point, len(at))
}

// usable lists where the runs with a median lie, and these.
func usable(medians []*float64) (at []int, values []float64) {
	for i, m := range medians {
		if m != nil {
			at, values = append(at, i), append(values, *m)
		}
	}
	return at, values
}

// needed are the points that must be shown: where the level changes, and the last
// two that can be compared.
func needed(at []int, changes []stats.ChangePoint) map[int]bool {
	keep := map[int]bool{}
	for _, c := range changes {
		keep[at[c.Index]] = true
	}
	for _, i := range at[max(len(at)-2, 0):] {
		keep[i] = true
	}
	return keep
}

// addLatest says where the latest of n runs lies, in its band and to a baseline.
func (h *History) addLatest(ctx context.Context, t *bench.Trend, baseline string, point func(int) *bench.Point, n int) error {
	var measured []bench.Point // the last two
	for i := max(n-2, 0); i < n; i++ {
		measured = append(measured, *point(i))
	}
	if n > 0 {
		latest := measured[len(measured)-1]
		level, err := h.store.Level(ctx, t.Series, latest.Run, false)
		if err != nil {
			return err
		}
		t.Band = bandOf(level, *latest.Median)
	}
	var err error
	if baseline != "" {
		t.Baseline, err = h.baseline(ctx, t.Series, baseline, measured)
	}
	return err
}

func bandOf(level []float64, latest float64) bench.Band {
	b := stats.NewBand(level)
	band := bench.Band{N: b.N, Place: string(b.Place(latest))}
	if b.Median > 0 {
		band.Median, band.Low, band.High, band.Noise, band.Detectable = &b.Median, &b.Low, &b.High, &b.Noise, &b.Detectable
	}
	return band
}

// Baselines that need no name: the run before the latest, and the latest of a
// branch.
const (
	Previous = "previous"
	OfBranch = "branch:"
)

func (h *History) baseline(ctx context.Context, of bench.Series, name string, measured []bench.Point) (*bench.Baseline, error) {
	f, err := h.base(ctx, of, name, measured)
	if err != nil {
		return nil, err
	}
	b := &bench.Baseline{Name: name, Run: f.Run, Commit: f.Commit, Median: f.Median, Differs: []string{}}
	for _, d := range []struct {
		what   string
		differ bool
	}{{"machine", f.Machine != of.Machine}, {"isolation", f.Isolation != of.Isolation}, {"definition", f.Definition != of.Definition}} {
		if d.differ {
			b.Differs = append(b.Differs, d.what)
		}
	}
	if len(measured) > 0 {
		change := *measured[len(measured)-1].Median / *f.Median - 1
		b.Change = &change
	}
	return b, nil
}

func (h *History) base(ctx context.Context, of bench.Series, name string, measured []bench.Point) (bench.Finding, error) {
	if branch, found := strings.CutPrefix(name, OfBranch); found {
		return h.store.LatestOfBranch(ctx, of, branch)
	}
	if name != Previous {
		return h.store.Baseline(ctx, of.Benchmark, name)
	}
	if len(measured) < 2 {
		return bench.Finding{}, bench.Errorf(bench.CodeNotFound, "benchmark %.64q has no ok run before its latest", of.Benchmark)
	}
	return bench.Finding{Series: of, Point: measured[len(measured)-2]}, nil
}
