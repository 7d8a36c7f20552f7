package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// AuditPath is where the audit log is found.
const AuditPath = prefix + "/audit"

// AuditLog is one page of the audit log.
type AuditLog struct {
	Entries    []bench.AuditEntry `json:"entries"`
	NextCursor *string            `json:"nextCursor" doc:"of the next page; null at the end"`
}

func (a *API) registerAudit(h huma.API) {
	huma.Register(h, op("list-audit", http.MethodGet, "/audit", "Who did what, and who was refused, newest first"),
		func(ctx context.Context, in *struct {
			Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
			Cursor string `query:"cursor" maxLength:"32"`
		},
		) (*answer[AuditLog], error) {
			list, next, err := a.Store.AuditLog(ctx, in.Cursor, in.Limit)
			out := &answer[AuditLog]{AuditLog{Entries: list}}
			if next != "" {
				out.Body.NextCursor = &next
			}
			return out, problem(err)
		})
}

// did notes what the caller has done, and to what.
func (a *API) did(ctx context.Context, target string) {
	a.note(bench.CallerOf(ctx), operationOf(ctx), target, bench.AuditDone)
}

// refused notes that somebody was not let, as long as they do not knock all day.
func (a *API) refused(c bench.Caller, action, why string) {
	if a.refusals.Wait(client(c)) == 0 {
		a.refusals.Take(client(c))
		a.note(c, action, why, bench.AuditRefused)
	}
}

// note writes a line of the audit log. Strangers choose parts of it: it is cut,
// and what does not print is written out.
func (a *API) note(c bench.Caller, action, target string, outcome bench.AuditOutcome) {
	const most = 300
	printable := fmt.Sprintf("%+.*q", most, target)
	a.Store.Audit(bench.AuditEntry{
		At: time.Now().UTC(), Who: c.Name, Door: c.Door, Address: c.Address,
		Action: action, Target: printable[1 : len(printable)-1], Outcome: outcome,
	})
}
