package history

import (
	"context"
	"time"

	"github.com/oklog/ulid/v2"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

// judge holds runs against the band of those before each. One that is out raises an
// alert that is yet to be confirmed, unless it tells nothing new.
func (h *History) judge(ctx context.Context, list []bench.Finding) error {
	var calm []string
	for i := range list {
		raised, err := h.judgeOne(ctx, &list[i])
		if err != nil {
			return err
		}
		if !raised {
			calm = append(calm, list[i].Run)
		}
	}
	return h.store.Judged(ctx, calm)
}

func (h *History) judgeOne(ctx context.Context, f *bench.Finding) (raised bool, err error) {
	change, out, err := h.change(ctx, f.Series, f.Run, *f.Median)
	if out && err == nil {
		out, err = h.news(ctx, f.Series, change)
	}
	if err != nil || !out {
		return false, err
	}
	return true, h.store.Raise(ctx, &bench.Alert{
		ID: ulid.Make().String(), Series: f.Series, Run: f.Run, Change: change, CreatedAt: time.Now().UTC(),
	})
}

// change of a median against the band of the runs before one, and whether it is
// out of the band.
func (h *History) change(ctx context.Context, of bench.Series, before string, median float64) (change float64, out bool, err error) {
	level, err := h.store.Level(ctx, of, before, true)
	if err != nil {
		return 0, false, err
	}
	band := stats.NewBand(level)
	place := band.Place(median)
	if place == stats.Learning {
		return 0, false, nil
	}
	return median/band.Median - 1, place == stats.Above || place == stats.Under, nil
}

// news says whether nobody waits to hear of such a change or has been told: one
// alert awaits its re-run, or an open one lies on the same side.
func (h *History) news(ctx context.Context, of bench.Series, change float64) (bool, error) {
	known, err := h.store.AlertsOf(ctx, of, true)
	if err != nil {
		return false, err
	}
	for i := range known {
		a := &known[i]
		if a.State == bench.AlertNew || sameSide(a.Change, change) {
			return false, nil
		}
	}
	return true, nil
}

func sameSide(a, b float64) bool { return (a > 0) == (b > 0) }
