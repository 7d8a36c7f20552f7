// Package history finds real changes in the runs of a benchmark and wakes nobody
// for noise: a run out of its band is repeated once, and only if that is out on
// the same side somebody is told. It decides; what is known and what is awaited
// lies in the store, so that it can be ended at any moment and started again.
package history

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"benchcell/internal/bench"
)

// Store is what is known of runs and alerts.
type Store interface {
	Run(ctx context.Context, id string) (*bench.Run, error)
	Plan(ctx context.Context, id string) (*bench.Plan, error)

	SeriesOf(ctx context.Context, slug string) ([]bench.SeriesInfo, error)
	Course(ctx context.Context, of bench.Series, behind int64, limit int) (*bench.Course, error)
	Points(ctx context.Context, of bench.Series, runs []int64) ([]bench.Point, error)
	Level(ctx context.Context, of bench.Series, before string, muted bool) ([]float64, error)
	LatestOn(ctx context.Context, machine string) ([]bench.Finding, error)
	Baseline(ctx context.Context, slug, name string) (bench.Finding, error)
	Samples(ctx context.Context, id string) ([]bench.Sample, error)
	OpenSelfChecks(ctx context.Context, limit int) ([][2]string, error)
	SaveSelfCheck(ctx context.Context, run string, c *bench.SelfCheck) error
	SelfChecks(ctx context.Context, of bench.Series, limit int) ([]bench.SelfCheck, error)
	LastSelfCheck(ctx context.Context, slug string) (time.Time, error)
	Baselines(ctx context.Context, slug string) ([]string, error)
	LatestOfBranch(ctx context.Context, of bench.Series, branch string) (bench.Finding, error)
	OfCommit(ctx context.Context, of bench.Series, commit string) ([]bench.Finding, error)

	Unjudged(ctx context.Context, limit int) ([]bench.Finding, error)
	Judged(ctx context.Context, runs []string) error
	Raise(ctx context.Context, alert *bench.Alert) error
	Alerts(ctx context.Context, state bench.AlertState, limit int) ([]bench.Alert, error)
	AlertsOf(ctx context.Context, of bench.Series, open bool) ([]bench.Alert, error)
	ConfirmAlert(ctx context.Context, a bench.Alert) error
	DismissAlert(ctx context.Context, id string) error
	RetryAlert(ctx context.Context, id string) error
}

// Scheduler queues the runs that confirm.
type Scheduler interface {
	Submit(ctx context.Context, plans []bench.Plan, parallel int) ([]bench.Run, error)
}

// History looks at runs that have ended.
type History struct {
	store     Store
	scheduler Scheduler
	log       *slog.Logger
	bell      *bench.Bell
	courses   courses
}

// New wires a history; Run works it.
func New(store Store, scheduler Scheduler, log *slog.Logger) *History {
	return &History{store: store, scheduler: scheduler, log: log, bell: bench.NewBell(), courses: courses{store: store}}
}

// Recorded tells that a run has ended. It does not wait.
func (h *History) Recorded(r *bench.Run) {
	if r.Trusted && r.Kind.Measured() { // of others there is no history
		h.bell.Ring()
	}
}

// Run looks at what has ended until ctx ends, and first at what ended while nobody
// looked: a moment after, so that it is not just when the next run begins, and once
// for all of many short ones.
func (h *History) Run(ctx context.Context) error {
	const (
		moment = 100 * time.Millisecond
		again  = 5 * time.Second // at a store or a queue that was full
	)
	for {
		bell, retry := h.bell.Next(), (<-chan time.Time)(nil)
		if err := h.Look(ctx); err != nil && ctx.Err() == nil {
			h.log.Error("could not look at the history", "error", err)
			retry = time.After(again)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-bell:
		case <-retry:
		}
		select {
		case <-ctx.Done():
		case <-time.After(moment):
		}
	}
}

// Look judges every run that was not, and every comparison of a benchmark with
// itself, and settles the alerts that can be.
func (h *History) Look(ctx context.Context) error {
	const some = 100
	for {
		list, err := h.store.Unjudged(ctx, some)
		if err != nil {
			return err
		}
		if err := h.judge(ctx, list); err != nil {
			return err
		}
		if len(list) < some {
			break
		}
	}
	return errors.Join(h.lookAtSelf(ctx), h.settleAll(ctx))
}
