package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"benchcell/internal/bench"
)

// What an overview shows is asked for all benchmarks at once: to ask for each of
// hundreds takes longer than to answer.

// Latest is the newest finished run of each benchmark named. The runs are shared:
// whoever gets them may only read.
func (s *Store) Latest(ctx context.Context, slugs []string) (map[string]*bench.Run, error) {
	latest, err := s.latest.of(slugs, func(slugs []string, note func(string, *bench.Run)) error {
		return s.ofEach(ctx, slugs, `SELECT value, runs.body FROM json_each(?1) CROSS JOIN runs ON seq =
			(SELECT max(seq) FROM runs INDEXED BY runs_by_slug WHERE slug = value AND state = 'finished')`,
			func(rows *sql.Rows) error {
				var slug string
				var body []byte
				if err := rows.Scan(&slug, &body); err != nil {
					return err
				}
				run := new(bench.Run)
				note(slug, run)
				return unpack(body, run)
			})
	})
	for slug, run := range latest {
		if run == nil {
			delete(latest, slug)
		}
	}
	return latest, err
}

// RecentRuns is how many medians Medians lists of a benchmark.
const RecentRuns = 60

// Medians lists the medians of the last ok runs of each benchmark named, oldest
// first. Those of one come as one row, as in Course. Whoever gets them may only
// read.
func (s *Store) Medians(ctx context.Context, slugs []string) (map[string][]float64, error) {
	medians, err := s.medians.of(slugs, func(slugs []string, note func(string, []float64)) error {
		return s.ofEach(ctx, slugs, `SELECT value, (SELECT json_group_array(median) FROM (
				SELECT median FROM runs INDEXED BY runs_by_slug
				WHERE slug = value AND verdict = 'ok' AND median IS NOT NULL ORDER BY seq DESC LIMIT +?2))
			FROM json_each(?1)`, func(rows *sql.Rows) error {
			var slug string
			var text []byte
			if err := rows.Scan(&slug, &text); err != nil {
				return err
			}
			list := []float64{}
			err := json.Unmarshal(text, &list)
			slices.Reverse(list)
			note(slug, list)
			return err
		}, RecentRuns)
	})
	return medians, err
}

// SuccessRates counts the finished runs of benchmarks over the last days.
func (s *Store) SuccessRates(ctx context.Context, slugs []string, days int) (map[string]bench.SuccessRate, error) {
	rates := map[string]bench.SuccessRate{}
	since := time.Now().Unix()/day - int64(days) + 1
	err := s.ofEach(ctx, slugs, `SELECT slug, sum(ok), sum(total) FROM json_each(?1) CROSS JOIN days ON slug = value AND day >= ?2 GROUP BY slug`,
		func(rows *sql.Rows) error {
			var slug string
			r := bench.SuccessRate{WindowDays: days}
			err := rows.Scan(&slug, &r.OK, &r.Total)
			rates[slug] = r
			return err
		}, since)
	return rates, err
}

// ofEach asks about benchmarks, which the query has as a list in JSON in ?1.
func (s *Store) ofEach(ctx context.Context, slugs []string, query string, scan func(*sql.Rows) error, args ...any) error {
	text, err := json.Marshal(slugs)
	if err != nil {
		return err
	}
	rows, err := s.reads.QueryContext(ctx, query, append([]any{string(text)}, args...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
