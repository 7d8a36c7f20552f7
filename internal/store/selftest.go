package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"benchcell/internal/bench"
)

// SaveSelfTest stores a self-test in the place of the one before.
func (s *Store) SaveSelfTest(ctx context.Context, test *bench.SelfTest) error {
	body, err := json.Marshal(test)
	if err != nil {
		return err
	}
	return s.apply(ctx, func(tx *transaction) error {
		_, err := tx.Exec("INSERT INTO selftest VALUES (1, ?) ON CONFLICT DO UPDATE SET body = excluded.body", string(body))
		return err
	})
}

// SelfTest is the last one; without cases if there was none.
func (s *Store) SelfTest(ctx context.Context) (*bench.SelfTest, error) {
	test := &bench.SelfTest{Cases: []bench.SelfTestCase{}}
	var body []byte
	err := s.reads.QueryRowContext(ctx, "SELECT body FROM selftest").Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return test, nil
	}
	if err != nil {
		return nil, err
	}
	return test, json.Unmarshal(body, test)
}
