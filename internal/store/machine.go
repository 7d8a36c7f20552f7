package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"benchcell/internal/bench"
)

// SaveMachine stores a fingerprint once.
func (s *Store) SaveMachine(ctx context.Context, m bench.Machine) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.apply(ctx, func(tx *transaction) error {
		_, err := tx.Exec("INSERT INTO machines VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body", m.ID, string(body))
		return err
	})
}

// Machine is the host that a run names.
func (s *Store) Machine(ctx context.Context, id string) (*bench.Machine, error) {
	var body []byte
	err := s.reads.QueryRowContext(ctx, "SELECT body FROM machines WHERE id = ?", id).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, bench.Errorf(bench.CodeNotFound, "there is no machine %.64q", id)
	}
	if err != nil {
		return nil, err
	}
	var m bench.Machine
	return &m, json.Unmarshal(body, &m)
}
