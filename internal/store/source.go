package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"benchcell/internal/bench"
)

// SaveSource stores a tar under its hash, once, and returns the hash.
func (s *Store) SaveSource(ctx context.Context, archive []byte) (string, error) {
	hash, packed := bench.SourceHash(archive), compress(archive)
	return hash, s.apply(ctx, func(tx *transaction) error {
		_, err := tx.Exec("INSERT INTO sources VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET used_at = excluded.used_at",
			hash, time.Now().UnixMilli(), len(packed), packed)
		return err
	})
}

// Source is the tar of a hash.
func (s *Store) Source(ctx context.Context, hash string) ([]byte, error) {
	var packed []byte
	err := s.reads.QueryRowContext(ctx, "SELECT body FROM sources WHERE hash = ?", hash).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, bench.Errorf(bench.CodeNotFound, "there is no source %.64s", hash).
			WithHint("put its tar to /api/v1/sources/%.64s first", hash)
	}
	if err != nil {
		return nil, err
	}
	return decoder.DecodeAll(packed, nil)
}

// tidySources gives up the sources that were not used for longest, but none
// that a run still waits for.
func (s *Store) tidySources(ctx context.Context) error {
	return s.apply(ctx, func(tx *transaction) error {
		_, err := tx.Exec(`DELETE FROM sources WHERE hash IN (
				SELECT hash FROM (SELECT hash, sum(bytes) OVER (ORDER BY used_at DESC, hash) AS newer FROM sources) WHERE newer > ?)
			AND hash NOT IN (SELECT plans.source FROM runs JOIN plans ON plans.id = runs.plan WHERE `+open+` AND plans.source <> '')`,
			s.options.KeepSources)
		return err
	})
}
