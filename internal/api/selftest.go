package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// SelfTestPath is where the last self-test is, and where 'doctor' hands in its.
const SelfTestPath = prefix + "/selftest"

func (a *API) registerSelfTest(h huma.API) {
	huma.Register(h, op("get-selftest", http.MethodGet, "/selftest", "What the shipped hostile programs met on this machine, when 'doctor --selftest' was last run"),
		func(ctx context.Context, _ *struct{}) (*answer[*bench.SelfTest], error) {
			test, err := a.Store.SelfTest(ctx)
			return &answer[*bench.SelfTest]{test}, problem(err)
		})
}

// registerSelfTestResult takes a result, from whoever owns the data folder.
func (a *API) registerSelfTestResult(h huma.API) {
	huma.Register(h, op("put-selftest", http.MethodPut, "/selftest", "Store the result of a self-test"),
		func(ctx context.Context, in *struct{ Body bench.SelfTest }) (*struct{}, error) {
			return nil, problem(a.Store.SaveSelfTest(ctx, &in.Body))
		})
}
