package store

import (
	"context"
	"database/sql"
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
	return s.apply(ctx, func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM events WHERE seq <= (SELECT max(seq) FROM events) - ?", s.options.KeepEvents)
		return err
	})
}

// tidyBodies deletes in small steps, so that no run waits long for a commit.
func (s *Store) tidyBodies(ctx context.Context, table, size string, keep int64) error {
	const step = 200
	for ctx.Err() == nil {
		var total int64
		if err := s.reads.QueryRowContext(ctx, "SELECT bytes FROM totals WHERE what = ?", table).Scan(&total); err != nil {
			return err
		}
		if total <= keep {
			return nil
		}
		err := s.apply(ctx, func(tx *sql.Tx) error {
			oldest := fmt.Sprintf("SELECT run FROM %s ORDER BY run LIMIT %d", table, step)
			_, err := tx.Exec(fmt.Sprintf(`UPDATE totals SET bytes = bytes -
				(SELECT coalesce(sum(%s), 0) FROM %s WHERE run IN (%s)) WHERE what = ?`, size, table, oldest), table)
			if err != nil {
				return err
			}
			_, err = tx.Exec(fmt.Sprintf("DELETE FROM %s WHERE run IN (%s)", table, oldest))
			return err
		})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// KeepTidy tidies now and then until ctx ends. quiet says whether the machine may
// be disturbed.
func (s *Store) KeepTidy(ctx context.Context, quiet func() bool) error {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if !quiet() {
				continue
			}
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
