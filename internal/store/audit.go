package store

import (
	"context"
	"errors"
	"strconv"
	"time"

	"benchcell/internal/bench"
)

// Audit notes who did what. It waits for nobody, and the line goes to the disk with
// the next durable change, behind all that was written before it: with one that
// comes soon it shares the transaction too.
func (s *Store) Audit(e bench.AuditEntry) {
	err := s.enqueue(context.Background(), &write{loose: true, patient: true, do: func(tx *transaction) error {
		_, err := tx.Exec("INSERT INTO audit (at, who, door, address, action, target, outcome) VALUES (?, ?, ?, ?, ?, ?, ?)",
			e.At.UnixMilli(), e.Who, e.Door, e.Address, e.Action, e.Target, e.Outcome)
		return err
	}})
	if err != nil {
		s.options.Log.Error("a line of the audit log is lost", "who", e.Who, "action", e.Action, "target", e.Target, "error", err)
	}
}

// AuditLog lists what was done, newest first, and the cursor of the next page, ""
// at the end.
func (s *Store) AuditLog(ctx context.Context, cursor string, limit int) ([]bench.AuditEntry, string, error) {
	before, err := numberIn(cursor)
	if err != nil {
		return nil, "", err
	}
	// What is still on its way is told too, and the runs that it names.
	s.settle()
	if err := s.write(ctx, &write{loose: true, do: func(*transaction) error { return nil }}); err != nil {
		return nil, "", err
	}
	rows, err := s.reads.QueryContext(ctx, `SELECT seq, at, who, door, address, action, target, outcome
		FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT +?`, before, limit+1)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	list, last := []bench.AuditEntry{}, int64(0)
	for rows.Next() {
		if len(list) == limit {
			return list, strconv.FormatInt(last, 10), s.Told()
		}
		var e bench.AuditEntry
		var at int64
		if err := rows.Scan(&last, &at, &e.Who, &e.Door, &e.Address, &e.Action, &e.Target, &e.Outcome); err != nil {
			return nil, "", err
		}
		e.At = time.UnixMilli(at).UTC()
		list = append(list, e)
	}
	return list, "", errors.Join(rows.Err(), s.Told())
}

// tidyAudit keeps the newest lines. Of what was refused no more than half is
// kept, so that nobody can push out what was done by asking in vain.
func (s *Store) tidyAudit(ctx context.Context) error {
	return s.apply(ctx, func(tx *transaction) error {
		if _, err := tx.Exec(`DELETE FROM audit WHERE outcome = 'refused' AND seq <=
			(SELECT seq FROM audit WHERE outcome = 'refused' ORDER BY seq DESC LIMIT 1 OFFSET ?)`, s.options.KeepAudit/2); err != nil {
			return err
		}
		_, err := tx.Exec("DELETE FROM audit WHERE seq <= (SELECT seq FROM audit ORDER BY seq DESC LIMIT 1 OFFSET ?)", s.options.KeepAudit)
		return err
	})
}
