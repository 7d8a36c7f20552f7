// Package access knows who a client is: by a token, by a login that was made
// with one, or because nobody else can reach this server. It also counts how
// often each asks. It knows nothing of HTTP, and no text of a token outlives the
// request that brought it: what is kept is its SHA-256, which for a text as
// random as the hash is as good as a slow one.
package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"sync/atomic"
	"time"

	"benchcell/internal/bench"
)

// Store keeps tokens and logins.
type Store interface {
	Tokens(ctx context.Context) ([]bench.Token, error)
	TokenByHash(ctx context.Context, hash []byte) (*bench.Token, error)
	SaveToken(ctx context.Context, t bench.Token, hash []byte) error
	RevokeToken(ctx context.Context, id string) (name string, err error)
	TouchToken(ctx context.Context, id string, at time.Time) error
	SaveSession(ctx context.Context, hash, token []byte, until time.Time) error
	SessionToken(ctx context.Context, hash []byte, now time.Time) (token []byte, err error)
	EndSession(ctx context.Context, hash []byte) error
}

// Config is what the operator decided.
type Config struct {
	Store   Store
	Token   string        // the configured one, an admin's; "" is none
	Alone   bool          // only this machine can reach us: no token is asked for while there is none
	Session time.Duration // how long a login holds
	Rate    float64       // requests a second of one client; 0 is any
}

// Configured is the name of whoever has the token of the configuration.
const Configured = "configured token"

// Access is the one who knows. Its methods may be called at the same time.
type Access struct {
	Config
	configured [sha256.Size]byte
	some       atomic.Bool // there are tokens in the store
	guesses    *Rates
	requests   *Rates
	revoked    *bench.Bell
}

// Wrong guesses of one address: so many at once, then one in so long.
const (
	mostGuesses    = 30
	betweenGuesses = 2 * time.Second
)

// New looks whether there are tokens already.
func New(ctx context.Context, c Config) (*Access, error) {
	a := &Access{
		Config: c, configured: sha256.Sum256([]byte(c.Token)),
		guesses: NewRates(1/betweenGuesses.Seconds(), mostGuesses), requests: NewRates(c.Rate, int(5*c.Rate)+1),
		revoked: bench.NewBell(),
	}
	return a, a.look(ctx)
}

func (a *Access) look(ctx context.Context) error {
	list, err := a.Store.Tokens(ctx)
	a.some.Store(len(list) > 0)
	return err
}

// Asked says whether clients must show who they are.
func (a *Access) Asked() bool { return !a.Alone || a.Token != "" || a.some.Load() }

// Armed says whether there is any token that a client could show.
func (a *Access) Armed() bool { return a.Token != "" || a.some.Load() }

// ByToken is who bears a token. Whoever guessed wrong too often from an address
// is not even listened to.
func (a *Access) ByToken(ctx context.Context, text, address string) (bench.Caller, error) {
	if wait := a.guesses.Wait(address); wait > 0 {
		return bench.Caller{}, tooMany("too many wrong tokens came from this address", wait)
	}
	hash := sha256.Sum256([]byte(text))
	c, err := a.byHash(ctx, hash[:])
	if bench.CodeOf(err) == bench.CodeUnauthorized {
		a.guesses.Take(address)
	}
	c.Door, c.Address = bench.DoorToken, address
	return c, err
}

// byHash finds the bearer of a token that holds. A stored one is looked up by its
// hash: what a clock could tell of that is of no use, since nobody can steer a hash.
func (a *Access) byHash(ctx context.Context, hash []byte) (bench.Caller, error) {
	if a.Token != "" && subtle.ConstantTimeCompare(hash, a.configured[:]) == 1 {
		return bench.Caller{Name: Configured, Role: bench.Admin}, nil
	}
	t, err := a.Store.TokenByHash(ctx, hash)
	if err != nil {
		return bench.Caller{}, err
	}
	now := time.Now()
	if t == nil || t.Expired(now) {
		return bench.Caller{}, bench.Errorf(bench.CodeUnauthorized, "this token is not known, or it holds no more")
	}
	if t.LastUsedAt == nil || now.Sub(*t.LastUsedAt) >= time.Minute {
		if err := a.Store.TouchToken(ctx, t.ID, now); err != nil {
			return bench.Caller{}, err
		}
	}
	return bench.Caller{Name: t.Name, Role: t.Role}, nil
}

// Login makes a session for whoever bears a token. The cookie is as random as a
// token, and like it only its hash is kept.
func (a *Access) Login(ctx context.Context, text, address string) (cookie string, c bench.Caller, err error) {
	if c, err = a.ByToken(ctx, text, address); err != nil {
		return "", c, err
	}
	cookie = rand.Text()
	hash, token := sha256.Sum256([]byte(cookie)), sha256.Sum256([]byte(text))
	c.Door = bench.DoorSession
	return cookie, c, a.Store.SaveSession(ctx, hash[:], token[:], time.Now().Add(a.Session))
}

// BySession is who logged in, as long as the token holds that they did it with.
func (a *Access) BySession(ctx context.Context, cookie, address string) (bench.Caller, error) {
	hash := sha256.Sum256([]byte(cookie))
	token, err := a.Store.SessionToken(ctx, hash[:], time.Now())
	if err != nil {
		return bench.Caller{}, err
	}
	if token == nil {
		return bench.Caller{}, bench.Errorf(bench.CodeUnauthorized, "this login is over")
	}
	c, err := a.byHash(ctx, token)
	c.Door, c.Address = bench.DoorSession, address
	return c, err
}

// Logout ends a login.
func (a *Access) Logout(ctx context.Context, cookie string) error {
	hash := sha256.Sum256([]byte(cookie))
	return a.Store.EndSession(ctx, hash[:])
}

// Admit counts a request of a client, and refuses one too many.
func (a *Access) Admit(client string) error {
	if wait := a.requests.Wait(client); wait > 0 {
		return tooMany("this client asks too often", wait)
	}
	a.requests.Take(client)
	return nil
}
