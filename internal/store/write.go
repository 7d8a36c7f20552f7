package store

import (
	"context"
	"database/sql"
	"errors"

	"benchcell/internal/bench"
)

// write is one caller's change, carried out in a transaction with others.
type write struct {
	ctx    context.Context
	do     func(*sql.Tx) error
	result chan error
}

// maxTogether bounds a transaction, so that no caller waits long for strangers.
const maxTogether = 128

// apply hands a change to the writer and waits until it is durable. A change
// that returns an error must not have written anything: the others go on.
func (s *Store) apply(ctx context.Context, do func(*sql.Tx) error) error {
	w := &write{ctx: ctx, do: do, result: make(chan error, 1)}
	select {
	case s.queue <- w:
	case <-ctx.Done():
		return ctx.Err()
	}
	// From here on the change is made whether we wait or not, so we wait.
	return <-w.result
}

// writeLoop takes what has come together into one transaction: a run costs a
// share of a commit, not commits of its own.
func (s *Store) writeLoop() {
	defer close(s.done)
	for first := range s.queue {
		group := []*write{first}
		for len(group) < maxTogether {
			select {
			case next, ok := <-s.queue:
				if ok {
					group = append(group, next)
					continue
				}
			default:
			}
			break
		}
		s.commit(group)
	}
}

func (s *Store) commit(group []*write) {
	results := make([]error, len(group))
	err := s.transact(group, results)
	for i, w := range group {
		if err != nil {
			results[i] = bench.Errorf(bench.CodeStorage, "write to the store: %w", err)
		}
		w.result <- results[i]
	}
	if err == nil {
		s.bell.Ring()
	}
}

func (s *Store) transact(group []*write, results []error) error {
	tx, err := s.writes.BeginTx(context.Background(), nil)
	if err != nil {
		return err
	}
	for i, w := range group {
		results[i] = w.do(tx)
		var refused *bench.Error
		if results[i] != nil && !errors.As(results[i], &refused) {
			return errors.Join(results[i], tx.Rollback())
		}
	}
	return tx.Commit()
}
