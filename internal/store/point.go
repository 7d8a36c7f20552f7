package store

import (
	"context"
	"database/sql"
	"time"

	"benchcell/internal/bench"
)

// executor is a transaction, of a run's end or of a migration.
type executor interface {
	Exec(query string, args ...any) (sql.Result, error)
	QueryRow(query string, args ...any) *sql.Row
}

// insertPoint adds a run that has ended to the history, if it belongs there: one
// that was measured on some machine, and of trusted code.
func insertPoint(tx executor, seq int64, r *bench.Run, judged bool) error {
	if !r.Trusted || !r.Kind.Measured() || r.Machine == nil || r.Isolation.Effective == nil {
		return nil
	}
	at := r.FinishedAt.UnixMilli()
	var series int64
	if err := tx.QueryRow(`INSERT INTO series (slug, machine, isolation, definition, points, newest, first_at, last_at)
		VALUES (?, ?, ?, ?, 1, ?, ?6, ?6) ON CONFLICT DO UPDATE SET points = points + 1, newest = max(newest, excluded.newest),
			first_at = min(first_at, excluded.first_at), last_at = max(last_at, excluded.last_at) RETURNING id`,
		r.Slug, r.Machine, r.Isolation.Effective, r.Definition, seq, at).Scan(&series); err != nil {
		return err
	}
	p := pointOf(r)
	_, err := tx.Exec(`INSERT INTO points (series, run, id, at, verdict, median, low, high, revision, branch, cpu, max_rss, judged)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET cpu = excluded.cpu, max_rss = excluded.max_rss`,
		series, seq, r.ID, at, p.Verdict, p.Median, p.Low, p.High, p.Commit, p.Branch, p.CPU, p.MaxRSS, judged || p.Median == nil)
	return err
}

// pointOf a run. What failed has no figures.
func pointOf(r *bench.Run) bench.Point {
	p := bench.Point{Verdict: *r.Verdict}
	if r.Revision != nil {
		p.Commit, p.Branch = &r.Revision.Commit, &r.Revision.Branch
	}
	if *r.Verdict != bench.OK || r.Time.Median == nil || *r.Time.Median <= 0 {
		return p
	}
	p.Median, p.Low, p.High, p.MaxRSS = r.Time.Median, r.Time.CILow, r.Time.CIHigh, r.ResourceUsage.MaxRSS
	// A sample of a pair may be a whole execution, which is not to be put beside others.
	whole := r.PairedWith != nil && r.Kind != bench.KindCommand
	if cpu := r.ResourceUsage.CPUTime; cpu.User != nil && cpu.System != nil && !whole {
		each := float64(*cpu.User+*cpu.System) / float64(max(r.Time.N, 1))
		p.CPU = &each
	}
	return p
}

// fillPoints makes the history of the runs that a store already has, or what a
// point did not have at its time. Nobody is told of changes that lie so far back.
func fillPoints(ctx context.Context, tx *sql.Tx) error {
	const step = 500
	for last := int64(0); ; {
		rows, err := tx.QueryContext(ctx, "SELECT seq, body FROM runs WHERE seq > ? AND state = 'finished' ORDER BY seq LIMIT +?", last, step)
		if err != nil {
			return err
		}
		seqs, runs, err := scanNumbered(rows)
		if err != nil || len(runs) == 0 {
			return err
		}
		for i := range runs {
			if err := insertPoint(tx, seqs[i], &runs[i], true); err != nil {
				return err
			}
		}
		last = seqs[len(seqs)-1]
	}
}

func scanNumbered(rows *sql.Rows) (seqs []int64, runs []bench.Run, err error) {
	defer rows.Close()
	for rows.Next() {
		var seq int64
		var body []byte
		if err := rows.Scan(&seq, &body); err != nil {
			return nil, nil, err
		}
		var r bench.Run
		if err := unpack(body, &r); err != nil {
			return nil, nil, err
		}
		seqs, runs = append(seqs, seq), append(runs, r)
	}
	return seqs, runs, rows.Err()
}

const (
	pointColumns  = "points.id, at, revision, branch, median, low, high, cpu, max_rss, verdict"
	seriesColumns = "slug, machine, isolation, definition"
	ofSeries      = "series = (SELECT id FROM series WHERE slug = ? AND machine = ? AND isolation = ? AND definition = ?)"
)

func keyOf(s bench.Series) []any { return []any{s.Benchmark, s.Machine, s.Isolation, s.Definition} }

// scanPoint scans pointColumns behind others.
func scanPoint(rows *sql.Rows, p *bench.Point, before ...any) error {
	var at int64
	err := rows.Scan(append(before, &p.Run, &at, &p.Commit, &p.Branch, &p.Median, &p.Low, &p.High, &p.CPU, &p.MaxRSS, &p.Verdict)...)
	p.At = time.UnixMilli(at).UTC()
	return err
}

// findings lists points with their series, by what follows the joined tables.
func (s *Store) findings(ctx context.Context, rest string, args ...any) ([]bench.Finding, error) {
	rows, err := s.reads.QueryContext(ctx, "SELECT "+seriesColumns+", "+pointColumns+
		" FROM points JOIN series ON series.id = points.series "+rest, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []bench.Finding
	for rows.Next() {
		var f bench.Finding
		if err := scanPoint(rows, &f.Point, &f.Benchmark, &f.Machine, &f.Isolation, &f.Definition); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	return list, rows.Err()
}

// Unjudged lists runs that nobody has held against their band, oldest first.
func (s *Store) Unjudged(ctx context.Context, limit int) ([]bench.Finding, error) {
	return s.findings(ctx, "WHERE judged = 0 ORDER BY run LIMIT +?", limit)
}

// LatestOn lists the newest ok run of each benchmark on a machine.
func (s *Store) LatestOn(ctx context.Context, machine string) ([]bench.Finding, error) {
	return s.findings(ctx, `WHERE run IN (SELECT (SELECT max(run) FROM points WHERE series = s.id AND median IS NOT NULL)
		FROM series s WHERE machine = ?) ORDER BY run`, machine)
}
