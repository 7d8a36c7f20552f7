package bench

import (
	"context"
	"slices"
	"time"
)

// Role is what a client may do. Each may do what those before it may.
type Role string

// The roles.
const (
	Viewer Role = "viewer" // reads
	Runner Role = "runner" // starts and cancels runs, uploads
	Admin  Role = "admin"  // also answers alerts, sets baselines, makes tokens, reads the audit log
)

// Roles from the least to the most.
var Roles = []Role{Viewer, Runner, Admin}

// May says whether r may do what needs a role. One that is not known may nothing.
func (r Role) May(needs Role) bool {
	have := slices.Index(Roles, r)
	return have >= 0 && have >= slices.Index(Roles, needs)
}

// ParseRole reads a role.
func ParseRole(s string) (Role, error) {
	if !slices.Contains(Roles, Role(s)) {
		return "", Errorf(CodeInvalid, "role %.32q is not one of %v", s, Roles)
	}
	return Role(s), nil
}

// Token is what is known of a token, apart from its text.
type Token struct {
	ID         string     `json:"id"`
	Name       string     `json:"name" doc:"unique; what the audit log calls its bearer"`
	Role       Role       `json:"role" enum:"viewer,runner,admin"`
	CreatedAt  time.Time  `json:"createdAt"`
	ExpiresAt  *time.Time `json:"expiresAt" doc:"null: it holds until it is revoked"`
	LastUsedAt *time.Time `json:"lastUsedAt" doc:"to the minute; null: never"`
}

// Expired says whether a token holds no more.
func (t *Token) Expired(now time.Time) bool { return t.ExpiresAt != nil && !now.Before(*t.ExpiresAt) }

// Caller is who asks for something.
type Caller struct {
	Name    string // of the token, "loopback", "operator" or "configured token"
	Role    Role
	Door    Door
	Address string // where from, without the port; "" for the operator's socket
}

// Door is the way by which a caller came in.
type Door string

// The doors.
const (
	DoorToken    Door = "token"    // with a token in the request
	DoorSession  Door = "session"  // logged in
	DoorLoopback Door = "loopback" // on this machine, where no token is asked for
	DoorOperator Door = "operator" // the socket in the data folder
)

// Share is under which name a caller's runs count in the queue; "" counts nowhere:
// whoever has the machine for himself may fill it.
func (c *Caller) Share() string {
	if c.Door == DoorToken || c.Door == DoorSession {
		return c.Name
	}
	return ""
}

type callerKey struct{}

// WithCaller says who asks for what is done under a context.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf is who asks. Nobody, who may nothing, if that was never said.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// AuditEntry is one line of the audit log. It never holds a token's text.
type AuditEntry struct {
	At      time.Time    `json:"at"`
	Who     string       `json:"who"`
	Door    Door         `json:"door"`
	Address string       `json:"address" doc:"empty for the operator's socket"`
	Action  string       `json:"action" doc:"the operation, login or logout"`
	Target  string       `json:"target" doc:"what it was done to"`
	Outcome AuditOutcome `json:"outcome" enum:"done,refused"`
}

// AuditOutcome is how it went.
type AuditOutcome string

// The outcomes.
const (
	AuditDone    AuditOutcome = "done"
	AuditRefused AuditOutcome = "refused"
)
