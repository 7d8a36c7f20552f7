package history

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// Trend is the history of one series: its points, its band, where its level
// changed, and how the latest run stands to a baseline.
func (h *History) Trend(ctx context.Context, q bench.TrendQuery) (*bench.Trend, error) {
	choices, err := h.store.SeriesOf(ctx, q.Benchmark)
	if err != nil {
		return nil, err
	}
	info, err := choose(choices, q.Series)
	if err != nil {
		return nil, err
	}
	c, err := h.courses.get(ctx, info)
	if err != nil {
		return nil, err
	}
	p := c.part(q)
	t := &bench.Trend{Series: info.Series, Total: len(p.rows), Choices: choices, Branches: branchesOf(c)}
	if t.Alerts, err = h.alertsAmong(ctx, p); err != nil {
		return nil, err
	}
	if err := h.addPoints(ctx, t, p, q.Points); err != nil {
		return nil, err
	}
	if t.SelfChecks, err = h.selfChecks(ctx, info.Series); err != nil {
		return nil, err
	}
	return t, h.addLatest(ctx, t, q.Baseline)
}

// Changes lists the values of a series from which on its level is another.
func (*History) Changes(series []float64) []int {
	at := []int{}
	for _, point := range stats.ChangePoints(series) {
		at = append(at, point.Index)
	}
	return at
}

// choose the first series that is as wanted; empty fields want nothing.
func choose(choices []bench.SeriesInfo, want bench.Series) (bench.SeriesInfo, error) {
	for _, c := range choices {
		if c.Machine == cmp.Or(want.Machine, c.Machine) && c.Isolation == cmp.Or(want.Isolation, c.Isolation) &&
			c.Definition == cmp.Or(want.Definition, c.Definition) {
			return c, nil
		}
	}
	return bench.SeriesInfo{}, bench.Errorf(bench.CodeNotFound, "benchmark %.64q has no history of this machine, isolation and definition", want.Benchmark).
		WithHint("only measured runs of trusted benchmarks have one: run it first")
}

func branchesOf(c *course) []string {
	seen := map[string]bool{"": true}
	names := []string{}
	for _, b := range c.Branches {
		if !seen[b] {
			seen[b] = true
			names = append(names, b)
		}
	}
	slices.Sort(names)
	return names
}

// alertsAmong lists the alerts that lie among the runs of a part.
func (h *History) alertsAmong(ctx context.Context, p part) ([]bench.Alert, error) {
	alerts, err := h.store.AlertsOf(ctx, p.of, false)
	return slices.DeleteFunc(alerts, func(a bench.Alert) bool {
		return len(p.rows) == 0 || a.Number < p.Runs[p.rows[0]] || a.Number > p.Runs[p.rows[len(p.rows)-1]]
	}), err
}

// addPoints shows so many of a part, and where the level changed.
func (h *History) addPoints(ctx context.Context, t *bench.Trend, p part, most int) error {
	keep := map[int]bool{}
	for _, row := range p.latest(2) { // can be compared
		keep[row] = true
	}
	for _, change := range p.changes {
		keep[change.Index] = true
	}
	for _, a := range t.Alerts {
		if row, ours := slices.BinarySearch(p.Runs, a.Number); ours {
			keep[row] = true
		}
	}
	shown := p.thin(most, keep)
	numbers := make([]int64, len(shown))
	for i, row := range shown {
		numbers[i] = p.Runs[row]
	}
	var err error
	if t.Points, err = h.store.Points(ctx, p.of, numbers); err != nil {
		return err
	}
	t.ChangePoints = make([]bench.ChangePoint, len(p.changes))
	for i, c := range p.changes {
		at, _ := slices.BinarySearch(shown, c.Index)
		t.ChangePoints[i] = bench.ChangePoint{Run: t.Points[at].Run, Before: c.Before, After: c.After, Change: c.Change, P: c.P}
	}
	return nil
}

// addLatest says where the latest run lies, in its band and to a baseline.
func (h *History) addLatest(ctx context.Context, t *bench.Trend, baseline string) error {
	var measured []bench.Point // the last two
	for i := len(t.Points) - 1; i >= 0 && len(measured) < 2; i-- {
		if t.Points[i].Median != nil {
			measured = slices.Insert(measured, 0, t.Points[i])
		}
	}
	t.Band = bench.Band{Place: string(stats.Learning)}
	if n := len(measured); n > 0 {
		latest := measured[n-1]
		level, err := h.store.Level(ctx, t.Series, latest.Run, false)
		if err != nil {
			return err
		}
		t.Band = bandOf(level, *latest.Median)
	}
	var err error
	if t.Baselines, err = h.store.Baselines(ctx, t.Benchmark); err == nil && baseline != "" {
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
	if branch, found := strings.CutPrefix(name, bench.OfBranch); found {
		return h.store.LatestOfBranch(ctx, of, branch)
	}
	switch name {
	case bench.Previous:
		if len(measured) < 2 {
			return bench.Finding{}, bench.Errorf(bench.CodeNotFound, "benchmark %.64q has no ok run before its latest", of.Benchmark)
		}
		return bench.Finding{Series: of, Point: measured[len(measured)-2]}, nil
	case bench.BranchPoint:
		return h.branchPoint(ctx, of, measured)
	default:
		return h.store.Baseline(ctx, of.Benchmark, name)
	}
}

// branchPoint is the newest run of the commit that the latest run says its branch
// began at, without changes to it: what became of the other branch since then is
// not this one's doing.
func (h *History) branchPoint(ctx context.Context, of bench.Series, measured []bench.Point) (bench.Finding, error) {
	var base string
	if n := len(measured); n > 0 {
		latest, err := h.store.Run(ctx, measured[n-1].Run)
		if err != nil {
			return bench.Finding{}, err
		}
		if latest.Revision != nil {
			base = latest.Revision.Base
		}
	}
	if base == "" {
		return bench.Finding{}, bench.Errorf(bench.CodeNotFound, "the latest ok run of benchmark %.64q does not say where its branch began", of.Benchmark).
			WithHint("run it in a git checkout that has the other branch too, or state --base COMMIT")
	}
	list, err := h.store.OfCommit(ctx, of, base)
	if err != nil {
		return bench.Finding{}, err
	}
	for i := range list {
		if r, err := h.store.Run(ctx, list[i].Run); err != nil || !r.Revision.Dirty {
			return list[i], err
		}
	}
	return bench.Finding{}, bench.Errorf(bench.CodeNotFound, "benchmark %.64q has no ok run of commit %.12s, where the branch began", of.Benchmark, base).
		WithHint("check that commit out and run the benchmark there, with the same isolation on the same machine")
}
