package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"benchcell/internal/bench"
)

const tokenColumns = "id, name, role, created_at, expires_at, used_at"

// Tokens lists all tokens, oldest first.
func (s *Store) Tokens(ctx context.Context) ([]bench.Token, error) {
	rows, err := s.reads.QueryContext(ctx, "SELECT "+tokenColumns+" FROM tokens ORDER BY created_at, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []bench.Token{}
	for rows.Next() {
		t, err := scanToken(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, *t)
	}
	return list, rows.Err()
}

// TokenByHash is the token whose text has a hash, nil if there is none.
func (s *Store) TokenByHash(ctx context.Context, hash []byte) (*bench.Token, error) {
	t, err := scanToken(s.reads.QueryRowContext(ctx, "SELECT "+tokenColumns+" FROM tokens WHERE hash = ?", hash))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // that there is none is an answer
	}
	return t, err
}

func scanToken(row interface{ Scan(...any) error }) (*bench.Token, error) {
	var t bench.Token
	var created int64
	var expires, used *int64
	if err := row.Scan(&t.ID, &t.Name, &t.Role, &created, &expires, &used); err != nil {
		return nil, err
	}
	t.CreatedAt, t.ExpiresAt, t.LastUsedAt = time.UnixMilli(created).UTC(), maybeTime(expires), maybeTime(used)
	return &t, nil
}

func maybeTime(ms *int64) *time.Time {
	if ms == nil {
		return nil
	}
	return new(time.UnixMilli(*ms).UTC())
}

// SaveToken stores a new token under the hash of its text.
func (s *Store) SaveToken(ctx context.Context, t bench.Token, hash []byte) error {
	var expires *int64
	if t.ExpiresAt != nil {
		expires = new(t.ExpiresAt.UnixMilli())
	}
	return s.apply(ctx, func(tx *transaction) error {
		var taken bool
		if err := tx.QueryRow("SELECT EXISTS (SELECT 1 FROM tokens WHERE name = ?)", t.Name).Scan(&taken); err != nil {
			return err
		}
		if taken {
			return bench.Errorf(bench.CodeConflict, "there is a token %q already", t.Name).WithHint("revoke it, or choose another name")
		}
		_, err := tx.Exec("INSERT INTO tokens (id, hash, name, role, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
			t.ID, hash, t.Name, t.Role, t.CreatedAt.UnixMilli(), expires)
		return err
	})
}

// RevokeToken ends a token, and with it every login by it.
func (s *Store) RevokeToken(ctx context.Context, id string) (name string, err error) {
	err = s.apply(ctx, func(tx *transaction) error {
		err := tx.QueryRow("SELECT name FROM tokens WHERE id = ?", id).Scan(&name)
		if errors.Is(err, sql.ErrNoRows) {
			return bench.Errorf(bench.CodeNotFound, "there is no token %.64q", id)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM sessions WHERE token = (SELECT hash FROM tokens WHERE id = ?)", id); err != nil {
			return err
		}
		_, err = tx.Exec("DELETE FROM tokens WHERE id = ?", id)
		return err
	})
	return name, err
}

// TouchToken notes that a token was used. It may be lost with the machine's power.
func (s *Store) TouchToken(ctx context.Context, id string, at time.Time) error {
	return s.write(ctx, &write{loose: true, do: func(tx *transaction) error {
		_, err := tx.Exec("UPDATE tokens SET used_at = ? WHERE id = ?", at.UnixMilli(), id)
		return err
	}})
}

// SaveSession stores a login by the hash of its cookie and that of its token.
func (s *Store) SaveSession(ctx context.Context, hash, token []byte, until time.Time) error {
	return s.apply(ctx, func(tx *transaction) error {
		if _, err := tx.Exec("DELETE FROM sessions WHERE expires_at < ?", time.Now().UnixMilli()); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT INTO sessions VALUES (?, ?, ?)", hash, token, until.UnixMilli())
		return err
	})
}

// SessionToken is the hash of the token that somebody logged in with, nil if
// there is no such login, or none any more.
func (s *Store) SessionToken(ctx context.Context, hash []byte, now time.Time) (token []byte, err error) {
	err = s.reads.QueryRowContext(ctx, "SELECT token FROM sessions WHERE hash = ? AND expires_at > ?", hash, now.UnixMilli()).Scan(&token)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return token, err
}

// EndSession forgets a login.
func (s *Store) EndSession(ctx context.Context, hash []byte) error {
	return s.apply(ctx, func(tx *transaction) error {
		_, err := tx.Exec("DELETE FROM sessions WHERE hash = ?", hash)
		return err
	})
}
