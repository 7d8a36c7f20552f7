package store

import (
	"context"
	"time"

	"benchcell/internal/bench"
)

// mine is what alerts say of one series: its own, and those of its machine.
const mine = "machine = ? AND (slug = '' OR (slug = ? AND isolation = ? AND definition = ?))"

func mineKey(s bench.Series) []any { return []any{s.Machine, s.Benchmark, s.Isolation, s.Definition} }

// mostForBand bounds what a band stands on: more runs tell no more.
const mostForBand = 1000

// Level lists the medians that a band stands on: of the runs since the last
// accepted change, before a run and before whatever alert is open. Muted says
// that a muted change counts as accepted: it is silent until the next.
func (s *Store) Level(ctx context.Context, of bench.Series, before string, muted bool) ([]float64, error) {
	settled, opened := "'accepted'", "'confirmed', 'muted'"
	if muted {
		settled, opened = "'accepted', 'muted'", "'confirmed'"
	}
	args := append(mineKey(of), mineKey(of)...)
	args = append(append(args, keyOf(of)...), before, mostForBand)
	rows, err := s.reads.QueryContext(ctx, `
		WITH since(run) AS (SELECT coalesce(max(run), 0) FROM alerts WHERE `+mine+` AND state IN (`+settled+`)),
		until(run) AS (SELECT coalesce(min(run), 9e18) FROM alerts WHERE `+mine+` AND state IN (`+opened+`) AND run > (SELECT run FROM since))
		SELECT median FROM points WHERE `+ofSeries+` AND median IS NOT NULL AND run >= (SELECT run FROM since)
			AND run < (SELECT run FROM until) AND run < (SELECT seq FROM runs WHERE id = ?) ORDER BY run DESC LIMIT +?`, args...)
	if err != nil {
		return nil, err
	}
	return scanFigures(rows)
}

// Judged notes that runs were held against their bands, and nothing came of it. That
// may be lost with the machine's power: they are judged again then, by the same runs
// before them.
func (s *Store) Judged(ctx context.Context, runs []string) error {
	if len(runs) == 0 {
		return nil
	}
	return s.write(ctx, &write{loose: true, do: func(tx *transaction) error {
		for _, run := range runs {
			if err := setJudged(tx, run); err != nil {
				return err
			}
		}
		return nil
	}})
}

func setJudged(tx *transaction, run string) error {
	_, err := tx.Exec("UPDATE points SET judged = 1 WHERE run = (SELECT seq FROM runs WHERE id = ?)", run)
	return err
}

// Raise notes the alert that came of a run, together with the run's being judged.
func (s *Store) Raise(ctx context.Context, alert *bench.Alert) error {
	return s.apply(ctx, func(tx *transaction) error {
		if err := setJudged(tx, alert.Run); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO alerts (id, slug, machine, isolation, definition, run, change, state, created_at)
			VALUES (?, ?, ?, ?, ?, (SELECT seq FROM runs WHERE id = ?), ?, 'new', ?)`, append(append([]any{alert.ID}, keyOf(alert.Series)...),
			alert.Run, alert.Change, alert.CreatedAt.UnixMilli())...)
		return err
	})
}

// Alerts lists those of a state, or all, newest first.
func (s *Store) Alerts(ctx context.Context, state bench.AlertState, limit int) ([]bench.Alert, error) {
	return s.alerts(ctx, "WHERE alerts.state IN (?1, iif(?1 = '', alerts.state, ?1)) ORDER BY alerts.seq DESC LIMIT +?2", state, limit)
}

// Alert is one alert.
func (s *Store) Alert(ctx context.Context, id string) (*bench.Alert, error) {
	list, err := s.alerts(ctx, "WHERE alerts.id = ?", id)
	if err == nil && len(list) == 0 {
		err = noAlert(id)
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func noAlert(id string) error { return bench.Errorf(bench.CodeNotFound, "there is no alert %.64q", id) }

// AlertsOf lists those of a series or its machine, oldest first: all, or those
// that are open or awaited.
func (s *Store) AlertsOf(ctx context.Context, of bench.Series, open bool) ([]bench.Alert, error) {
	return s.alerts(ctx, `WHERE alerts.machine = ? AND (alerts.slug = '' OR (alerts.slug = ? AND alerts.isolation = ? AND alerts.definition = ?))
		AND (NOT ? OR alerts.state IN ('new', 'confirmed')) ORDER BY alerts.seq`, append(mineKey(of), open)...)
}

func (s *Store) alerts(ctx context.Context, rest string, args ...any) ([]bench.Alert, error) {
	rows, err := s.reads.QueryContext(ctx, `SELECT alerts.id, alerts.slug, alerts.machine, alerts.isolation, alerts.definition, first.id, run, again.id,
		change, alerts.state, note, created_at FROM alerts JOIN runs first ON first.seq = run LEFT JOIN runs again ON again.seq = rerun `+rest, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []bench.Alert{}
	for rows.Next() {
		var a bench.Alert
		var at int64
		if err := rows.Scan(&a.ID, &a.Benchmark, &a.Machine, &a.Isolation, &a.Definition, &a.Run, &a.Number, &a.ConfirmedBy,
			&a.Change, &a.State, &a.Note, &at); err != nil {
			return nil, err
		}
		a.CreatedAt = time.UnixMilli(at).UTC()
		list = append(list, a)
	}
	return list, rows.Err()
}

// checkConfirms refuses a run that is to confirm what nobody waits for, or what
// another run is to confirm already.
func checkConfirms(tx *transaction, r *bench.Run) error {
	if r.Confirms == nil {
		return nil
	}
	var awaited bool
	err := tx.QueryRow("SELECT EXISTS (SELECT 1 FROM alerts WHERE run = (SELECT seq FROM runs WHERE id = ?) AND state = 'new' AND rerun IS NULL)",
		r.Confirms).Scan(&awaited)
	if err == nil && !awaited {
		err = bench.Errorf(bench.CodeConflict, "no alert awaits the confirmation of run %.64q", *r.Confirms)
	}
	return err
}

// awaitConfirmation notes which run is to confirm an alert, together with the
// run itself: none is queued twice.
func awaitConfirmation(tx *transaction, r *bench.Run) error {
	if r.Confirms == nil {
		return nil
	}
	_, err := tx.Exec(`UPDATE alerts SET rerun = (SELECT seq FROM runs WHERE id = ?)
		WHERE run = (SELECT seq FROM runs WHERE id = ?) AND state = 'new'`, r.ID, r.Confirms)
	return err
}

// ConfirmAlert raises one that awaited it. One of the whole machine takes the
// place of those that were raised on the way to it.
func (s *Store) ConfirmAlert(ctx context.Context, a bench.Alert) error {
	return s.apply(ctx, func(tx *transaction) error {
		if a.OfMachine() {
			if _, err := tx.Exec(`UPDATE alerts SET state = 'muted', note = 'The machine changed.'
				WHERE machine = ? AND state = 'confirmed' AND change * ? > 0`, a.Machine, a.Change); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`UPDATE alerts SET state = 'confirmed', slug = ?, machine = ?, isolation = ?, definition = ?, change = ?
			WHERE id = ? AND state = 'new'`, append(keyOf(a.Series), a.Change, a.ID)...)
		return err
	})
}

// DismissAlert forgets one that was not confirmed.
func (s *Store) DismissAlert(ctx context.Context, id string) error {
	return s.changeAwaited(ctx, "DELETE FROM alerts WHERE id = ? AND state = 'new'", id)
}

// RetryAlert has one confirmed by another run than the one that was lost.
func (s *Store) RetryAlert(ctx context.Context, id string) error {
	return s.changeAwaited(ctx, "UPDATE alerts SET rerun = NULL WHERE id = ? AND state = 'new'", id)
}

func (s *Store) changeAwaited(ctx context.Context, statement, id string) error {
	return s.apply(ctx, func(tx *transaction) error {
		_, err := tx.Exec(statement, id)
		return err
	})
}

// AnswerAlert is what a reader says of an alert: that it is accepted, muted or
// open again, and why. Nil changes nothing.
func (s *Store) AnswerAlert(ctx context.Context, id string, state *bench.AlertState, note *string) error {
	return s.apply(ctx, func(tx *transaction) error {
		var is bench.AlertState
		if err := tx.QueryRow("SELECT coalesce((SELECT state FROM alerts WHERE id = ?), '')", id).Scan(&is); err != nil {
			return err
		}
		switch {
		case is == "":
			return noAlert(id)
		case is == bench.AlertNew && state != nil:
			return bench.Errorf(bench.CodeConflict, "alert %s is new: it awaits its confirmation", id).WithHint("look at it again after the re-run")
		}
		_, err := tx.Exec("UPDATE alerts SET state = coalesce(?, state), note = coalesce(?, note) WHERE id = ?", state, note, id)
		return err
	})
}
