package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// TokensPath is where tokens are found.
const TokensPath = prefix + "/tokens"

// TokenRequest asks for a new token.
type TokenRequest struct {
	Name    string     `json:"name" minLength:"1" maxLength:"100" doc:"unique; what the audit log calls its bearer"`
	Role    bench.Role `json:"role" enum:"viewer,runner,admin"`
	Expires float64    `json:"expires,omitempty" exclusiveMinimum:"0" maximum:"315360000000" doc:"ms from now; without, it holds until it is revoked"`
}

// NewToken is a token that was just made, with its text.
type NewToken struct {
	bench.Token
	Text string `json:"text" doc:"what its bearer sends; it is shown this once"`
}

// TokenList is all tokens, oldest first.
type TokenList struct {
	Tokens []bench.Token `json:"tokens"`
}

// Me is who the server takes the client for.
type Me struct {
	Name string     `json:"name"`
	Role bench.Role `json:"role" enum:"viewer,runner,admin"`
	Door bench.Door `json:"door" enum:"token,session,loopback,operator" doc:"how the client came in: session is a login, loopback needs none"`
}

func (a *API) registerTokens(h huma.API) {
	huma.Register(h, op("get-me", http.MethodGet, "/me", "Who the client is taken for, and its role"),
		func(ctx context.Context, _ *struct{}) (*answer[Me], error) {
			c := bench.CallerOf(ctx)
			return &answer[Me]{Me{c.Name, c.Role, c.Door}}, nil
		})
	huma.Register(h, op("list-tokens", http.MethodGet, "/tokens", "All tokens, without their texts"),
		func(ctx context.Context, _ *struct{}) (*answer[TokenList], error) {
			list, err := a.Access.Tokens(ctx)
			return &answer[TokenList]{TokenList{list}}, problem(err)
		})
	post := op("create-token", http.MethodPost, "/tokens", "Make a token; its text is shown this once")
	post.DefaultStatus = http.StatusCreated
	huma.Register(h, post, func(ctx context.Context, in *struct{ Body TokenRequest }) (*answer[NewToken], error) {
		expires := time.Duration(in.Body.Expires * float64(time.Millisecond))
		text, t, err := a.Access.CreateToken(ctx, in.Body.Name, in.Body.Role, expires)
		if err != nil {
			return nil, problem(err)
		}
		a.did(ctx, t.Name+", "+string(t.Role))
		return &answer[NewToken]{NewToken{t, text}}, nil
	})
	remove := op("revoke-token", http.MethodDelete, "/tokens/{id}", "End a token, and every login by it")
	remove.DefaultStatus = http.StatusNoContent
	huma.Register(h, remove, func(ctx context.Context, in *PathID) (*struct{}, error) {
		name, err := a.Access.RevokeToken(ctx, in.ID)
		if err != nil {
			return nil, problem(err)
		}
		a.did(ctx, name)
		return nil, nil
	})
}
