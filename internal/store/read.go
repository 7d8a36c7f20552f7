package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"benchcell/internal/bench"
)

// Runs lists runs, newest first, and the cursor of the next page, "" at the end.
func (s *Store) Runs(ctx context.Context, f bench.RunFilter, cursor string, limit int) ([]bench.Run, string, error) {
	where, args := conditions(f)
	if cursor != "" {
		seq, err := numberIn(cursor)
		if err != nil {
			return nil, "", err
		}
		where, args = append(where, "seq < ?"), append(args, seq)
	}
	query := "SELECT seq, body FROM runs" + indexFor(f)
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	s.settle()
	rows, err := s.reads.QueryContext(ctx, query+" ORDER BY seq DESC LIMIT +?", append(args, limit+1)...)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	runs, last, next := []bench.Run{}, int64(0), ""
	for rows.Next() {
		if len(runs) == limit {
			next = strconv.FormatInt(last, 10)
			break
		}
		var body []byte
		if err := rows.Scan(&last, &body); err != nil {
			return nil, "", err
		}
		var r bench.Run
		if err := unpack(body, &r); err != nil {
			return nil, "", err
		}
		runs = append(runs, r)
	}
	return runs, next, errors.Join(rows.Err(), s.Told())
}

// indexFor names the index that leaves the fewest runs to look at. SQLite would
// have to count them to know: that most runs are ok, and few of one benchmark.
func indexFor(f bench.RunFilter) string {
	rare := f.Verdict != "" && f.Verdict != bench.OK
	switch {
	case f.Batch != "" || f.State == bench.Queued || f.State == bench.Running:
		return "" // there is but one
	case f.Benchmark != "":
		return " INDEXED BY runs_by_slug"
	case rare:
		return " INDEXED BY runs_by_verdict"
	case f.Category != "":
		return " INDEXED BY runs_by_category"
	case f.Isolation != "":
		return " INDEXED BY runs_by_isolation"
	}
	return ""
}

func conditions(f bench.RunFilter) (where []string, args []any) {
	for _, c := range []struct{ column, value string }{
		{"slug", f.Benchmark},
		{"verdict", string(f.Verdict)},
		{"isolation", string(f.Isolation)},
		{"category", f.Category},
		{"batch", f.Batch},
		{"state", string(f.State)},
	} {
		if c.value != "" {
			where, args = append(where, c.column+" = ?"), append(args, c.value)
		}
	}
	if f.State == bench.Queued || f.State == bench.Running {
		where = append(where, open)
	}
	return where, args
}

// Run is one run.
func (s *Store) Run(ctx context.Context, id string) (*bench.Run, error) {
	s.settle()
	var body []byte
	err := s.reads.QueryRowContext(ctx, "SELECT body FROM runs WHERE id = ?", id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noRun(id)
	}
	if err != nil {
		return nil, err
	}
	var r bench.Run
	return &r, errors.Join(unpack(body, &r), s.Told())
}

func noRun(id string) error {
	return bench.Errorf(bench.CodeNotFound, "there is no run %.64q", id)
}

// Plan is what a run executes.
func (s *Store) Plan(ctx context.Context, id string) (*bench.Plan, error) {
	s.settle()
	var body []byte
	err := s.reads.QueryRowContext(ctx,
		"SELECT plans.body FROM runs JOIN plans ON plans.id = runs.plan WHERE runs.id = ?", id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, noRun(id)
	}
	if err != nil {
		return nil, err
	}
	var p bench.Plan
	return &p, errors.Join(unpack(body, &p), s.Told())
}

// Queue lists the oldest queued runs, without the unmeasured ones of some
// batches: those that are full must not hide who waits behind them.
func (s *Store) Queue(ctx context.Context, full []string, limit int) ([]bench.Waiting, error) {
	query, args := `SELECT runs.id, coalesce(batch, ''), coalesce(parallel, 0), measured
		FROM runs LEFT JOIN batches ON batches.id = batch WHERE state = 'queued' AND `+open, []any{}
	if len(full) > 0 {
		query += " AND (measured OR batch IS NULL OR batch NOT IN (?" + strings.Repeat(", ?", len(full)-1) + "))"
		for _, id := range full {
			args = append(args, id)
		}
	}
	// It is asked before and after every run, and takes less than to listen for its end.
	rows, err := s.reads.QueryContext(context.WithoutCancel(ctx), query+" ORDER BY seq LIMIT +?", append(args, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []bench.Waiting
	for rows.Next() {
		var w bench.Waiting
		if err := rows.Scan(&w.ID, &w.Batch, &w.Parallel, &w.Measured); err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	return list, rows.Err()
}

// scanFigures reads the one column of all rows, and closes them. Never nil.
func scanFigures(rows *sql.Rows) ([]float64, error) {
	defer rows.Close()
	list := []float64{}
	for rows.Next() {
		var v float64
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, rows.Err()
}

// EventsAfter lists events behind a sequence number, oldest first: of one run,
// or of all if run is "".
func (s *Store) EventsAfter(ctx context.Context, run string, seq int64, limit int) ([]bench.Event, error) {
	query, args := "SELECT seq, body FROM events WHERE seq > ?", []any{seq}
	if run != "" {
		query, args = query+" AND run = ?", append(args, run)
	}
	rows, err := s.reads.QueryContext(ctx, query+" ORDER BY seq LIMIT +?", append(args, limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []bench.Event
	for rows.Next() {
		var n int64
		var body []byte
		if err := rows.Scan(&n, &body); err != nil {
			return nil, err
		}
		e := bench.Event{}
		if err := json.Unmarshal(body, &e); err != nil {
			return nil, err
		}
		e.Seq = n
		list = append(list, e)
	}
	return list, errors.Join(rows.Err(), s.Told())
}

// EventRange is the oldest and the newest event that is kept; 0, 0 without any.
func (s *Store) EventRange(ctx context.Context) (oldest, newest int64, err error) {
	err = s.reads.QueryRowContext(ctx,
		"SELECT coalesce((SELECT min(seq) FROM events), 0), coalesce((SELECT max(seq) FROM events), 0)").Scan(&oldest, &newest)
	return oldest, newest, errors.Join(err, s.Told())
}

func scanRuns(rows *sql.Rows) ([]bench.Run, error) {
	defer rows.Close()
	var runs []bench.Run
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		var r bench.Run
		if err := unpack(body, &r); err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, rows.Err()
}

// Counts is how many runs are queued and running.
func (s *Store) Counts(ctx context.Context) (queued, running int, err error) {
	s.settle()
	err = s.reads.QueryRowContext(ctx, `SELECT coalesce(sum(state = 'queued'), 0), coalesce(sum(state = 'running'), 0)
		FROM runs WHERE `+open).Scan(&queued, &running)
	return queued, running, errors.Join(err, s.Told())
}
