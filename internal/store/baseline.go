package store

import (
	"context"

	"benchcell/internal/bench"
)

// SetBaseline gives a run of a benchmark's history a name, or gives the name to
// another run.
func (s *Store) SetBaseline(ctx context.Context, slug, name, run string) error {
	return s.apply(ctx, func(tx *transaction) error {
		done, err := tx.Exec(`INSERT INTO baselines SELECT slug, ?, run FROM points JOIN series ON series.id = series
			WHERE run = (SELECT seq FROM runs WHERE id = ?) AND slug = ? AND median IS NOT NULL
			ON CONFLICT DO UPDATE SET run = excluded.run`, name, run, slug)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return bench.Errorf(bench.CodeNotFound, "run %.64q is no ok run in the history of benchmark %.64q", run, slug)
	})
}

// Baseline is the run that bears a name.
func (s *Store) Baseline(ctx context.Context, slug, name string) (bench.Finding, error) {
	list, err := s.findings(ctx, "WHERE run = (SELECT run FROM baselines WHERE slug = ? AND name = ?)", slug, name)
	return first(list, err, "benchmark %.64q has no baseline %.64q", slug, name)
}

// Baselines lists the names that runs of a benchmark bear.
func (s *Store) Baselines(ctx context.Context, slug string) ([]string, error) {
	rows, err := s.reads.QueryContext(ctx, "SELECT name FROM baselines WHERE slug = ? ORDER BY name LIMIT 500", slug)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names := []string{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// LatestOfBranch is the newest ok run of a branch, in a series.
func (s *Store) LatestOfBranch(ctx context.Context, of bench.Series, branch string) (bench.Finding, error) {
	list, err := s.findings(ctx, "WHERE "+ofSeries+" AND branch = ? AND median IS NOT NULL ORDER BY run DESC LIMIT 1",
		append(keyOf(of), branch)...)
	return first(list, err, "benchmark %.64q has no ok run of branch %.64q here", of.Benchmark, branch)
}

// OfCommit lists the newest ok runs of a commit by the machine and isolation of a
// series: those of its definition first, a few in all. Either id may be cut short.
func (s *Store) OfCommit(ctx context.Context, of bench.Series, commit string) ([]bench.Finding, error) {
	return s.findings(ctx, `WHERE series IN (SELECT id FROM series WHERE slug = ? AND machine = ? AND isolation = ?)
		AND median IS NOT NULL AND length(revision) >= 7 AND substr(revision, 1, length(?4)) = substr(?4, 1, length(revision))
		ORDER BY definition = ? DESC, run DESC LIMIT 20`, of.Benchmark, of.Machine, of.Isolation, commit, of.Definition)
}

func first(list []bench.Finding, err error, missing string, args ...any) (bench.Finding, error) {
	if err != nil {
		return bench.Finding{}, err
	}
	if len(list) == 0 {
		return bench.Finding{}, bench.Errorf(bench.CodeNotFound, missing, args...)
	}
	return list[0], nil
}
