package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// Report is what this server can do on its machine.
type Report struct {
	Backends     []sandbox.Capabilities `json:"backends"`
	Default      bench.Isolation        `json:"default" enum:"in-process,process,container" doc:"where trusted benchmarks run if nothing else is asked for"`
	Machine      bench.Machine          `json:"machine"`
	Disturbances []bench.Disturbance    `json:"disturbances" doc:"what makes figures of this machine drift or spread, now"`
	Version      string                 `json:"version"`
}

func (a *API) registerCapabilities(h huma.API) {
	huma.Register(h, op("get-capabilities", http.MethodGet, "/capabilities", "What each isolation enforces and measures here"),
		func(ctx context.Context, _ *struct{}) (*answer[Report], error) {
			return &answer[Report]{Report{a.Capabilities(ctx), a.Policy.Backend, a.Machine, a.Disturbances(), a.Version}}, nil
		})
	huma.Register(h, op("get-machine", http.MethodGet, "/machines/{id}", "The machine that a run names"),
		func(ctx context.Context, in *PathID) (*answer[*bench.Machine], error) {
			m, err := a.Store.Machine(ctx, in.ID)
			return &answer[*bench.Machine]{m}, problem(err)
		})
}
