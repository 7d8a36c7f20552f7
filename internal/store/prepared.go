package store

import (
	"context"
	"database/sql"
	"sync"
)

// preparedDB keeps every statement prepared: parsing them anew took a sixth of
// a run's cost. The texts are our own, so there are few.
//
// They say LIMIT +?, because SQLite looks at the value of a bare one to choose its
// plan and so prepares the statement anew each time, at a tenth of a run's cost.
type preparedDB struct {
	*sql.DB
	statements sync.Map // text to *sql.Stmt
}

func (p *preparedDB) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	if known, ok := p.statements.Load(query); ok {
		return known.(*sql.Stmt), nil //nolint:forcetypeassert // nothing else is stored
	}
	made, err := p.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if first, raced := p.statements.LoadOrStore(query, made); raced {
		return first.(*sql.Stmt), made.Close() //nolint:forcetypeassert // nothing else is stored
	}
	return made, nil
}

// QueryContext is sql.DB's, prepared.
func (p *preparedDB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := p.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

// QueryRowContext is sql.DB's, prepared.
func (p *preparedDB) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	s, err := p.statement(ctx, query)
	if err != nil {
		return p.DB.QueryRowContext(ctx, query, args...) // which carries the error
	}
	return s.QueryRowContext(ctx, args...)
}

// transaction is sql.Tx with the statements of its connection prepared.
type transaction struct {
	*sql.Tx
	db      *preparedDB
	unknown []string // statements to prepare when it is over
}

// Exec is sql.Tx's, prepared.
func (t *transaction) Exec(query string, args ...any) (sql.Result, error) {
	s, err := t.statement(query)
	if err != nil {
		return nil, err
	}
	return s.Exec(args...)
}

// Query is sql.Tx's, prepared.
func (t *transaction) Query(query string, args ...any) (*sql.Rows, error) {
	s, err := t.statement(query)
	if err != nil {
		return nil, err
	}
	return s.Query(args...)
}

// QueryRow is sql.Tx's, prepared.
func (t *transaction) QueryRow(query string, args ...any) *sql.Row {
	s, err := t.statement(query)
	if err != nil {
		return t.Tx.QueryRow(query, args...) // which carries the error
	}
	return s.QueryRow(args...)
}

// statement is the prepared one. A new one can be prepared for good only when
// the transaction lets go of the one connection that writes.
func (t *transaction) statement(query string) (*sql.Stmt, error) {
	if known, ok := t.db.statements.Load(query); ok {
		return t.Stmt(known.(*sql.Stmt)), nil //nolint:forcetypeassert // nothing else is stored
	}
	t.unknown = append(t.unknown, query)
	return t.Prepare(query)
}

// learn prepares what the transaction met for the first time.
func (t *transaction) learn() {
	for _, query := range t.unknown {
		_, _ = t.db.statement(context.Background(), query) // it is met again if not
	}
}
