package store

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"benchcell/internal/bench"
)

// Tidy gives up the oldest outputs, samples and events past what is kept. Runs
// and their figures stay for good.
func (s *Store) Tidy(ctx context.Context) error {
	if err := s.tidyBodies(ctx, "outputs", "coalesce(length(stdout), 0) + coalesce(length(stderr), 0)", s.options.KeepOutputs); err != nil {
		return err
	}
	if err := s.tidyBodies(ctx, "samples", "length(body)", s.options.KeepSamples); err != nil {
		return err
	}
	if err := s.tidySources(ctx); err != nil {
		return err
	}
	if err := s.tidyAudit(ctx); err != nil {
		return err
	}
	return s.tidyEvents(ctx)
}

// tidyEvents deletes in steps too: a store that was filled elsewhere may have
// millions too many.
func (s *Store) tidyEvents(ctx context.Context) error {
	const step = 5000
	for ctx.Err() == nil {
		var gone int64
		err := s.apply(ctx, func(tx *transaction) error {
			result, err := tx.Exec(`DELETE FROM events WHERE seq <= min((SELECT max(seq) FROM events) - ?,
				(SELECT min(seq) FROM events) + ?)`, s.options.KeepEvents, step)
			if err == nil {
				gone, err = result.RowsAffected()
			}
			return err
		})
		if err != nil || gone == 0 {
			return err
		}
	}
	return ctx.Err()
}

// tidyBodies deletes in small steps, so that no run waits long for a commit.
func (s *Store) tidyBodies(ctx context.Context, table, size string, keep int64) error {
	for ctx.Err() == nil {
		var total, freed int64
		if err := s.reads.QueryRowContext(ctx, "SELECT bytes FROM totals WHERE what = ?", table).Scan(&total); err != nil {
			return err
		}
		if total <= keep {
			return nil
		}
		err := s.apply(ctx, func(tx *transaction) (err error) {
			freed, err = deleteOldest(tx, table, size, total-keep)
			return err
		})
		if err != nil || freed == 0 {
			return err
		}
	}
	return ctx.Err()
}

// deleteOldest gives up as many of the oldest rows as hold the excess, and at
// most a step of them.
func deleteOldest(tx *transaction, table, size string, excess int64) (freed int64, err error) {
	const step = 200
	rows, err := tx.Query(fmt.Sprintf(`DELETE FROM %[1]s WHERE run IN (
		SELECT run FROM (SELECT run, sum(bytes) OVER (ORDER BY run) - bytes AS before
			FROM (SELECT run, %[2]s AS bytes FROM %[1]s ORDER BY run LIMIT %[3]d)) WHERE before < ?)
		RETURNING %[2]s`, table, size, step), excess)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
		freed += n
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	return freed, addTotal(tx, table, -freed)
}

// tidyEvery is how often the store is tidied; one that never rests is tidied
// beside its runs after so many chances.
const (
	tidyEvery   = time.Minute
	mostChances = 30
)

// KeepTidy tidies now and then until ctx ends. quiet says whether the machine may
// be disturbed.
func (s *Store) KeepTidy(ctx context.Context, quiet func() bool) error {
	ticker := time.NewTicker(tidyEvery)
	defer ticker.Stop()
	for chances := 0; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if chances++; !quiet() && chances < mostChances {
				continue
			}
			chances = 0
			if err := s.Tidy(ctx); err != nil && ctx.Err() == nil {
				s.options.Log.Warn("could not tidy the store", "error", err)
			}
		}
	}
}

// Ready says why no run may be taken: a disk too full to store its result.
func (s *Store) Ready() error {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(s.options.Dir, &fs); err != nil {
		return bench.Errorf(bench.CodeStorage, "the data folder can't be read: %w", err)
	}
	free := int64(fs.Bavail) * int64(fs.Bsize)
	if free < s.options.MinFree {
		return bench.Errorf(bench.CodeStorage, "the disk of the data folder %s has %d MiB free, less than the %d MiB kept for results",
			s.options.Dir, free>>20, s.options.MinFree>>20).WithHint("free some space: runs are taken again by themselves")
	}
	return nil
}
