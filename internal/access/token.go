package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"regexp"
	"time"

	"github.com/oklog/ulid/v2"

	"benchcell/internal/bench"
)

// textPrefix lets people and scanners know a token of ours when they see one.
const textPrefix = "bc_"

// MaxTokens bounds how many there are.
const MaxTokens = 1000

var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._@-]{0,99}$`)

// CreateToken makes a token and gives its text, which nobody sees again.
func (a *Access) CreateToken(ctx context.Context, name string, role bench.Role, expires time.Duration) (text string, t bench.Token, err error) {
	switch {
	case !namePattern.MatchString(name) || name == Configured:
		return "", t, bench.Errorf(bench.CodeInvalid, "name %.100q must be 1 to 100 letters, digits, blanks and ._@- and begin with a letter or digit", name)
	case expires < 0:
		return "", t, bench.Errorf(bench.CodeInvalid, "expires is %s: it must be above 0, or left out", expires)
	}
	if _, err := bench.ParseRole(string(role)); err != nil {
		return "", t, err
	}
	list, err := a.Store.Tokens(ctx)
	if err != nil {
		return "", t, err
	}
	if len(list) >= MaxTokens {
		return "", t, bench.Errorf(bench.CodeConflict, "there are %d tokens, which is the most", len(list)).WithHint("revoke some")
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	t = bench.Token{ID: ulid.Make().String(), Name: name, Role: role, CreatedAt: now}
	if expires > 0 {
		t.ExpiresAt = new(now.Add(expires))
	}
	text = textPrefix + rand.Text()
	hash := sha256.Sum256([]byte(text))
	if err := a.Store.SaveToken(ctx, t, hash[:]); err != nil {
		return "", t, err
	}
	a.some.Store(true)
	return text, t, nil
}

// RevokeToken ends a token and every login by it.
func (a *Access) RevokeToken(ctx context.Context, id string) (name string, err error) {
	if name, err = a.Store.RevokeToken(ctx, id); err != nil {
		return "", err
	}
	a.revoked.Ring()
	return name, a.look(ctx)
}

// Revoked is closed when a token ends, which may be that of anybody who is let
// in for longer than a request.
func (a *Access) Revoked() <-chan struct{} { return a.revoked.Next() }

// Tokens lists all tokens, oldest first.
func (a *Access) Tokens(ctx context.Context) ([]bench.Token, error) { return a.Store.Tokens(ctx) }
