package history

import (
	"context"
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
	points, err := h.store.Points(ctx, series, q.Limit)
	if err != nil {
		return nil, err
	}
	t := &bench.Trend{Series: series, Total: len(points), Band: bench.Band{Place: string(stats.Learning)}}
	measured, medians := ok(points)
	t.ChangePoints = changePoints(measured, medians)
	t.Points = thin(points, t.ChangePoints)
	var latest *bench.Point
	if len(measured) > 0 {
		latest = &measured[len(measured)-1]
		level, err := h.store.Level(ctx, series, latest.Run, false)
		if err != nil {
			return nil, err
		}
		t.Band = bandOf(level, *latest.Median)
	}
	if q.Baseline != "" {
		t.Baseline, err = h.baseline(ctx, series, q.Baseline, measured)
	}
	return t, err
}

// ok lists the points that have figures, and these.
func ok(points []bench.Point) (measured []bench.Point, medians []float64) {
	measured, medians = make([]bench.Point, 0, len(points)), make([]float64, 0, len(points))
	for i := range points {
		if points[i].Median != nil {
			measured, medians = append(measured, points[i]), append(medians, *points[i].Median)
		}
	}
	return measured, medians
}

func changePoints(measured []bench.Point, medians []float64) []bench.ChangePoint {
	list := []bench.ChangePoint{}
	for _, c := range stats.ChangePoints(medians) {
		list = append(list, bench.ChangePoint{Run: measured[c.Index].Run, Before: c.Before, After: c.After, Change: c.Change, P: c.P})
	}
	return list
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
