package store

import (
	"context"
	"time"

	"benchcell/internal/bench"
)

// insertSelfCheck notes that a run and the one that it took turns with are of one
// series, once both have ended well.
func insertSelfCheck(tx *transaction, seq int64, r *bench.Run) error {
	if r.PairedWith == nil || *r.Verdict != bench.OK {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO self_checks (run, other, series, at)
		SELECT iif(?1 = 'a', me.run, you.run), iif(?1 = 'a', you.run, me.run), me.series, me.at FROM points me
		JOIN points you ON you.series = me.series AND you.run = (SELECT seq FROM runs WHERE id = ?2)
		WHERE me.series = (SELECT series FROM points WHERE run = ?3) AND me.run = ?3 AND me.median IS NOT NULL AND you.median IS NOT NULL`,
		*r.Side, *r.PairedWith, seq)
	return err
}

// OpenSelfChecks lists the runs of pairs that nobody has looked at, A and B.
func (s *Store) OpenSelfChecks(ctx context.Context, limit int) (pairs [][2]string, err error) {
	rows, err := s.reads.QueryContext(ctx, `SELECT a.id, b.id FROM self_checks JOIN runs a ON a.seq = run JOIN runs b ON b.seq = other
		WHERE effect IS NULL ORDER BY run LIMIT +?`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var pair [2]string
		if err := rows.Scan(&pair[0], &pair[1]); err != nil {
			return nil, err
		}
		pairs = append(pairs, pair)
	}
	return pairs, rows.Err()
}

// SaveSelfCheck keeps what came of one, under the run that was A; nil is that
// nothing can be said of it.
func (s *Store) SaveSelfCheck(ctx context.Context, run string, c *bench.SelfCheck) error {
	return s.apply(ctx, func(tx *transaction) error {
		if c == nil {
			_, err := tx.Exec("DELETE FROM self_checks WHERE run = (SELECT seq FROM runs WHERE id = ?)", run)
			return err
		}
		_, err := tx.Exec("UPDATE self_checks SET effect = ?, detectable = ?, different = ? WHERE run = (SELECT seq FROM runs WHERE id = ?)",
			c.Effect, c.Detectable, c.Different, run)
		return err
	})
}

// SelfChecks lists the newest of a series, newest first.
func (s *Store) SelfChecks(ctx context.Context, of bench.Series, limit int) ([]bench.SelfCheck, error) {
	rows, err := s.reads.QueryContext(ctx, `SELECT runs.id, at, effect, detectable, different FROM self_checks JOIN runs ON seq = run
		WHERE `+ofSeries+` AND effect IS NOT NULL ORDER BY at DESC LIMIT +?`, append(keyOf(of), limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []bench.SelfCheck{}
	for rows.Next() {
		var c bench.SelfCheck
		var at int64
		if err := rows.Scan(&c.Comparison, &at, &c.Effect, &c.Detectable, &c.Different); err != nil {
			return nil, err
		}
		c.At = time.UnixMilli(at).UTC()
		list = append(list, c)
	}
	return list, rows.Err()
}

// LastSelfCheck is when a benchmark was last compared with itself; zero for never.
func (s *Store) LastSelfCheck(ctx context.Context, slug string) (time.Time, error) {
	var at int64
	err := s.reads.QueryRowContext(ctx, "SELECT coalesce(max(at), 0) FROM self_checks WHERE series IN (SELECT id FROM series WHERE slug = ?)", slug).Scan(&at)
	if err != nil || at == 0 {
		return time.Time{}, err
	}
	return time.UnixMilli(at).UTC(), nil
}
