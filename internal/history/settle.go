package history

import (
	"context"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// settleAll takes each alert that awaits its confirmation a step further.
func (h *History) settleAll(ctx context.Context) error {
	const most = 1000
	list, err := h.store.Alerts(ctx, bench.AlertNew, most)
	if err != nil {
		return err
	}
	for i := len(list) - 1; i >= 0; i-- { // the first seen comes first
		if err := h.settle(ctx, list[i]); err != nil {
			return err
		}
	}
	return nil
}

func (h *History) settle(ctx context.Context, a bench.Alert) error {
	if a.ConfirmedBy == nil {
		return h.repeat(ctx, a)
	}
	again, err := h.store.Run(ctx, *a.ConfirmedBy)
	if err != nil || again.State != bench.Finished {
		return err
	}
	if *again.Verdict == bench.Interrupted { // a server that stopped is no answer
		return orElse(h.store.RetryAlert(ctx, a.ID), func() error { return h.repeat(ctx, a) })
	}
	if *again.Verdict == bench.OK && again.Time.Median != nil && seriesOf(again) == a.Series {
		return h.compare(ctx, a, *again.Time.Median)
	}
	return h.store.DismissAlert(ctx, a.ID) // its verdict is news of its own
}

// repeat queues the run again that was out, as it was.
func (h *History) repeat(ctx context.Context, a bench.Alert) error {
	first, err := h.store.Run(ctx, a.Run)
	if err != nil {
		return err
	}
	plan, err := h.store.Plan(ctx, a.Run)
	if err != nil {
		return err
	}
	plan.Occasion = bench.Occasion{Revision: first.Revision, Confirms: &a.Run}
	_, err = h.scheduler.Submit(ctx, []bench.Plan{*plan}, 0)
	if bench.CodeOf(err) == bench.CodeNotFound { // its files are gone
		return h.store.DismissAlert(ctx, a.ID)
	}
	return err
}

// compare says what came of the re-run: nothing, an alert, or that the whole
// machine changed. The change told is the re-run's: the first run was chosen for
// being far out.
func (h *History) compare(ctx context.Context, a bench.Alert, median float64) error {
	change, out, err := h.change(ctx, a.Series, a.Run, median)
	if err != nil {
		return err
	}
	if !out || !sameSide(change, a.Change) {
		return h.store.DismissAlert(ctx, a.ID)
	}
	a.Change = change
	shift, common, err := h.commonShift(ctx, a.Machine)
	if err != nil {
		return err
	}
	if common && sameSide(shift, change) {
		if told, err := h.tellsOfMachine(ctx, a); err != nil || told {
			return orElse(err, func() error { return h.store.DismissAlert(ctx, a.ID) })
		}
		a.Series, a.Change = bench.Series{Machine: a.Machine}, shift
	}
	return h.store.ConfirmAlert(ctx, a)
}

// commonShift compares the newest run of everything on a machine with its band.
func (h *History) commonShift(ctx context.Context, machine string) (shift float64, common bool, err error) {
	latest, err := h.store.LatestOn(ctx, machine)
	if err != nil {
		return 0, false, err
	}
	newest := map[bench.Series]bench.Finding{} // by benchmark: what ran by another definition is past
	for _, f := range latest {
		newest[bench.Series{Benchmark: f.Benchmark, Isolation: f.Isolation}] = f
	}
	var changes []float64
	for _, f := range newest {
		level, err := h.store.Level(ctx, f.Series, f.Run, true)
		if err != nil {
			return 0, false, err
		}
		if band := stats.NewBand(level); band.Median > 0 {
			changes = append(changes, *f.Median/band.Median-1)
		}
	}
	shift, common = stats.CommonShift(changes)
	return shift, common, nil
}

// tellsOfMachine says whether an alert of the whole machine is open on the side
// of this one.
func (h *History) tellsOfMachine(ctx context.Context, a bench.Alert) (bool, error) {
	known, err := h.store.AlertsOf(ctx, a.Series, true)
	for i := range known {
		if known[i].OfMachine() && sameSide(known[i].Change, a.Change) {
			return true, err
		}
	}
	return false, err
}

func seriesOf(r *bench.Run) bench.Series {
	s := bench.Series{Benchmark: r.Slug, Definition: r.Definition}
	if r.Machine != nil && r.Isolation.Effective != nil {
		s.Machine, s.Isolation = *r.Machine, *r.Isolation.Effective
	}
	return s
}

func orElse(err error, do func() error) error {
	if err != nil {
		return err
	}
	return do()
}
