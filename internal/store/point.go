package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
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
	var series int64
	if err := tx.QueryRow(`INSERT INTO series (slug, machine, isolation, definition) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET slug = excluded.slug RETURNING id`,
		r.Slug, r.Machine, r.Isolation.Effective, r.Definition).Scan(&series); err != nil {
		return err
	}
	var figures bench.Time // of an ok run: what failed tells no time
	if *r.Verdict == bench.OK && r.Time.Median != nil && *r.Time.Median > 0 {
		figures = r.Time
	}
	var commit, branch *string
	if r.Revision != nil {
		commit, branch = &r.Revision.Commit, &r.Revision.Branch
	}
	_, err := tx.Exec("INSERT INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", series, seq, r.ID, r.FinishedAt.UnixMilli(),
		r.Verdict, figures.Median, figures.CILow, figures.CIHigh, commit, branch, judged || figures.Median == nil)
	return err
}

// fillPoints makes the history of the runs that a store already has. Nobody is
// told of changes that lie so far back.
func fillPoints(ctx context.Context, tx *sql.Tx) error {
	const step = 500
	for last := int64(0); ; {
		rows, err := tx.QueryContext(ctx, "SELECT seq, body FROM runs WHERE seq > ? AND state = 'finished' ORDER BY seq LIMIT ?", last, step)
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
	pointColumns  = "points.id, at, revision, median, low, high, verdict"
	seriesColumns = "slug, machine, isolation, definition"
	ofSeries      = "series = (SELECT id FROM series WHERE slug = ? AND machine = ? AND isolation = ? AND definition = ?)"
)

func keyOf(s bench.Series) []any { return []any{s.Benchmark, s.Machine, s.Isolation, s.Definition} }

// Series is that of a benchmark's newest run, among those that want names; its
// empty fields name none.
func (s *Store) Series(ctx context.Context, want bench.Series) (bench.Series, error) {
	var found bench.Series
	err := s.reads.QueryRowContext(ctx, `SELECT `+seriesColumns+` FROM series
		WHERE slug = ?1 AND machine IN (?2, iif(?2 = '', machine, ?2)) AND isolation IN (?3, iif(?3 = '', isolation, ?3))
			AND definition IN (?4, iif(?4 = '', definition, ?4))
		ORDER BY (SELECT max(run) FROM points WHERE series = series.id) DESC LIMIT 1`, keyOf(want)...).
		Scan(&found.Benchmark, &found.Machine, &found.Isolation, &found.Definition)
	if errors.Is(err, sql.ErrNoRows) {
		return found, bench.Errorf(bench.CodeNotFound, "benchmark %.64q has no history of this machine, isolation and definition", want.Benchmark).
			WithHint("only measured runs of trusted benchmarks have one: run it first")
	}
	return found, err
}

// Course is the medians of the newest runs of a series, oldest first, null where a
// run was not ok, and their numbers for Points. Thousands come as one row: to scan
// them one by one takes longer than all that is done with them.
func (s *Store) Course(ctx context.Context, of bench.Series, limit int) (runs []int64, medians []*float64, err error) {
	var runsText, mediansText []byte
	err = s.reads.QueryRowContext(ctx, `SELECT json_group_array(run), json_group_array(median)
		FROM (SELECT run, median FROM points WHERE `+ofSeries+` ORDER BY run DESC LIMIT ?)`,
		append(keyOf(of), limit)...).Scan(&runsText, &mediansText)
	if err != nil {
		return nil, nil, err
	}
	err = errors.Join(json.Unmarshal(runsText, &runs), json.Unmarshal(mediansText, &medians))
	slices.Reverse(runs)
	slices.Reverse(medians)
	return runs, medians, err
}

// Points lists some of a series, by their numbers in its course.
func (s *Store) Points(ctx context.Context, of bench.Series, runs []int64) ([]bench.Point, error) {
	text, err := json.Marshal(runs)
	if err != nil {
		return nil, err
	}
	rows, err := s.reads.QueryContext(ctx, "SELECT "+pointColumns+" FROM points WHERE "+ofSeries+
		" AND run IN (SELECT value FROM json_each(?)) ORDER BY run", append(keyOf(of), string(text))...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := make([]bench.Point, 0, len(runs))
	for rows.Next() {
		var p bench.Point
		var at int64
		if err := rows.Scan(&p.Run, &at, &p.Commit, &p.Median, &p.Low, &p.High, &p.Verdict); err != nil {
			return nil, err
		}
		p.At = time.UnixMilli(at).UTC()
		list = append(list, p)
	}
	return list, rows.Err()
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
		var at int64
		if err := rows.Scan(&f.Benchmark, &f.Machine, &f.Isolation, &f.Definition,
			&f.Run, &at, &f.Commit, &f.Median, &f.Low, &f.High, &f.Verdict); err != nil {
			return nil, err
		}
		f.At = time.UnixMilli(at).UTC()
		list = append(list, f)
	}
	return list, rows.Err()
}

// Unjudged lists runs that nobody has held against their band, oldest first.
func (s *Store) Unjudged(ctx context.Context, limit int) ([]bench.Finding, error) {
	return s.findings(ctx, "WHERE judged = 0 ORDER BY run LIMIT ?", limit)
}

// LatestOn lists the newest ok run of each benchmark on a machine.
func (s *Store) LatestOn(ctx context.Context, machine string) ([]bench.Finding, error) {
	return s.findings(ctx, `WHERE run IN (SELECT (SELECT max(run) FROM points WHERE series = s.id AND median IS NOT NULL)
		FROM series s WHERE machine = ?) ORDER BY run`, machine)
}
