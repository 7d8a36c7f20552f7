package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

func unmarshalAny(b []byte, v *any) error { return json.Unmarshal(b, v) }

// SampleList is the samples of a run, warm-ups first.
type SampleList struct {
	Samples []bench.Sample `json:"samples"`
}

// registerResults serves what a run left apart from itself.
func (a *API) registerResults(h huma.API) {
	huma.Register(h, op("list-samples", http.MethodGet, "/runs/{id}/samples", "Samples in the order they ran"),
		func(ctx context.Context, in *PathID) (*answer[SampleList], error) {
			list, err := a.Store.Samples(ctx, in.ID)
			return &answer[SampleList]{SampleList{list}}, problem(err)
		})
	huma.Register(h, op("get-plan", http.MethodGet, "/runs/{id}/plan", "What a run executes, with everything decided"),
		func(ctx context.Context, in *PathID) (*answer[*bench.Plan], error) {
			p, err := a.Store.Plan(ctx, in.ID)
			return &answer[*bench.Plan]{p}, problem(err)
		})
	raw := op("get-output", http.MethodGet, "/runs/{id}/output", "Raw output of the last sample, as far as it was kept")
	raw.Responses = map[string]*huma.Response{"200": {
		Description: "bytes as the program wrote them",
		Content:     map[string]*huma.MediaType{"text/plain": {}},
	}}
	huma.Register(h, raw, func(ctx context.Context, in *struct {
		PathID
		Stream string `query:"stream" enum:"stdout,stderr" default:"stdout"`
	},
	) (*huma.StreamResponse, error) {
		output, err := a.Store.Output(ctx, in.ID, in.Stream == "stdout")
		if err != nil {
			return nil, problem(err)
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			// A stranger wrote this: it must stay inert in any browser.
			c.SetHeader("Content-Type", "text/plain; charset=utf-8")
			c.SetHeader("Content-Security-Policy", "default-src 'none'; sandbox")
			c.SetStatus(http.StatusOK)
			_, _ = c.BodyWriter().Write(output) // the client may be gone
		}}, nil
	})
}
