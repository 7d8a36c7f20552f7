package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"benchcell/internal/bench"
)

// needs says which role an operation takes. What is not in this table takes an
// admin: a new operation is closed until somebody opens it.
var needs = map[string]bench.Role{
	"get-me":                bench.Viewer,
	"list-benchmarks":       bench.Viewer,
	"get-benchmark":         bench.Viewer,
	"list-outlines":         bench.Viewer,
	"get-overview":          bench.Viewer,
	"list-sides":            bench.Viewer,
	"get-trend":             bench.Viewer,
	"get-sparkline":         bench.Viewer,
	"list-alerts":           bench.Viewer,
	"list-batches":          bench.Viewer,
	"list-runs":             bench.Viewer,
	"get-run":               bench.Viewer,
	"get-plan":              bench.Viewer,
	"get-output":            bench.Viewer,
	"get-run-report":        bench.Viewer,
	"list-samples":          bench.Viewer,
	"list-reports":          bench.Viewer,
	"get-report":            bench.Viewer,
	"get-capabilities":      bench.Viewer,
	"get-selftest":          bench.Viewer,
	"get-machine":           bench.Viewer,
	"list-comparisons":      bench.Viewer,
	"get-comparison":        bench.Viewer,
	"get-comparison-report": bench.Viewer,
	"create-comparison":     bench.Viewer, // of stored runs; one that runs something asks for a runner
	"stream-events":         bench.Viewer,
	"stream-run-events":     bench.Viewer,

	"create-run":    bench.Runner,
	"create-batch":  bench.Runner,
	"cancel-run":    bench.Runner,
	"put-source":    bench.Runner,
	"import-report": bench.Runner,

	"answer-alert":  bench.Admin,
	"put-baseline":  bench.Admin,
	"list-settings": bench.Admin,
	"list-tokens":   bench.Admin,
	"create-token":  bench.Admin,
	"revoke-token":  bench.Admin,
	"list-audit":    bench.Admin,
	"create-orders": bench.Admin, // on the operator's socket alone
}

// roleFor an operation.
func roleFor(operation string) bench.Role {
	if role, known := needs[operation]; known {
		return role
	}
	return bench.Admin
}

// permit lets an operation be done by whom the table lets, and by nobody else.
func (a *API) permit(c huma.Context, next func(huma.Context)) {
	id := c.Operation().OperationID
	ctx := context.WithValue(c.Context(), operationKey{}, id)
	if err := a.mustBe(ctx, roleFor(id)); err != nil {
		writeProblem(humagin.Unwrap(c).Writer, http.StatusForbidden, bench.CodeOf(err), err.Error())
		return
	}
	if err := checkQuery(humagin.Unwrap(c).Request.URL.RawQuery); err != nil {
		writeProblem(humagin.Unwrap(c).Writer, http.StatusUnprocessableEntity, bench.CodeOf(err), err.Error())
		return
	}
	next(huma.WithContext(c, ctx))
}

// checkQuery refuses what would be passed over: a part that can't be read, and all but
// the first of what is stated twice. A filter that does not filter lists everything.
func checkQuery(text string) error {
	query, err := url.ParseQuery(text)
	if err != nil {
		return bench.Errorf(bench.CodeInvalid, "the query can't be read: %w", err)
	}
	for name, values := range query {
		if len(values) > 1 {
			return bench.Errorf(bench.CodeInvalid, "%.100q is stated %d times in the query", name, len(values))
		}
	}
	return nil
}

// mustBe refuses who has not the role, and notes it.
func (a *API) mustBe(ctx context.Context, role bench.Role) error {
	caller := bench.CallerOf(ctx)
	if caller.Role.May(role) {
		return nil
	}
	a.refused(caller, operationOf(ctx), "needs "+string(role))
	return bench.Errorf(bench.CodeForbidden, "%s is a %s, and this needs a %s", caller.Name, caller.Role, role)
}

type operationKey struct{}

// operationOf is what is being done.
func operationOf(ctx context.Context) string {
	id, _ := ctx.Value(operationKey{}).(string)
	return id
}
