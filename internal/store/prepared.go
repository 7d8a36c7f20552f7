package store

import (
	"context"
	"database/sql"
	"errors"
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

// QueryRowContext is sql.DB's, prepared. One row is found before anybody could call
// it off: to listen for that takes two goroutines.
func (p *preparedDB) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	ctx = context.WithoutCancel(ctx)
	s, err := p.statement(ctx, query)
	if err != nil {
		return p.DB.QueryRowContext(ctx, query, args...) // which carries the error
	}
	return s.QueryRowContext(ctx, args...)
}

// transaction is the one connection that writes, with its statements prepared. It
// is sql.Conn and not sql.Tx, which starts a goroutine for itself and for each of
// its queries, and wakes a processor for each of those. The writer alone uses it.
type transaction struct {
	*sql.Conn
	db         *sql.DB
	statements map[string]*sql.Stmt
}

func newTransaction(ctx context.Context, db *sql.DB) (*transaction, error) {
	conn, err := db.Conn(ctx)
	return &transaction{conn, db, map[string]*sql.Stmt{}}, err
}

// Exec executes a statement, prepared.
func (t *transaction) Exec(query string, args ...any) (sql.Result, error) {
	s, err := t.statement(query)
	if err != nil {
		return nil, err
	}
	return s.Exec(args...)
}

// Query asks for rows, prepared.
func (t *transaction) Query(query string, args ...any) (*sql.Rows, error) {
	s, err := t.statement(query)
	if err != nil {
		return nil, err
	}
	return s.Query(args...)
}

// QueryRow asks for one row, prepared.
func (t *transaction) QueryRow(query string, args ...any) *sql.Row {
	s, err := t.statement(query)
	if err != nil {
		return t.QueryRowContext(context.Background(), query, args...) // which carries the error
	}
	return s.QueryRow(args...)
}

func (t *transaction) statement(query string) (*sql.Stmt, error) {
	if known := t.statements[query]; known != nil {
		return known, nil
	}
	made, err := t.PrepareContext(context.Background(), query)
	if err == nil {
		t.statements[query] = made
	}
	return made, err
}

func (t *transaction) rollBack() error {
	_, err := t.Exec("ROLLBACK")
	return err
}

// Close closes the statements and the store's way to write.
func (t *transaction) Close() error {
	var errs []error
	for _, s := range t.statements {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, t.Conn.Close(), t.db.Close())...)
}
