package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// Order is trusted work: one benchmark with what is to be different this time.
type Order struct {
	Benchmark bench.Benchmark   `json:"benchmark"`
	Overrides bench.Overrides   `json:"overrides"`
	Host      map[string]string `json:"host" doc:"the caller's PATH, HOME, LANG, TZ"`
}

// OrderRequest is a list of orders.
type OrderRequest struct {
	Orders   []Order `json:"orders"`
	Parallel int     `json:"parallel"`
	Compare  bool    `json:"compare,omitempty" doc:"the orders are two, which take turns"`
	Blocks   int     `json:"blocks,omitempty" doc:"of turns; the noise decides if it is left out"`
}

// OrderResponse lists the queued runs, in the order of the request.
type OrderResponse struct {
	Runs []bench.Run `json:"runs"`
}

// OrderPath is where orders are given.
const OrderPath = prefix + "/orders"

// RunsPath is where runs are found.
const RunsPath = prefix + "/runs/"

// registerOperator adds the door for trusted work. It is on a listener that
// the file system keeps to the owner of the data folder.
func (a *API) registerOperator(h huma.API) {
	a.registerSelfTestResult(h)
	post := op("create-orders", http.MethodPost, "/orders", "Queue trusted work")
	post.DefaultStatus = http.StatusAccepted
	huma.Register(h, post, func(ctx context.Context, in *struct{ Body OrderRequest }) (*answer[OrderResponse], error) {
		var plans []bench.Plan
		for _, o := range in.Body.Orders {
			o.Overrides.ByOperator = true
			plan, err := a.Policy.Resolve(o.Benchmark, o.Overrides)
			if err != nil {
				return nil, problem(bench.Errorf(bench.CodeInvalid, "%s: %w", o.Benchmark.Name, err))
			}
			if plan.Trusted && o.Host != nil {
				plan.Host = o.Host // the caller's own, not the server's
			}
			plans = append(plans, plan)
		}
		if len(plans) == 0 {
			return nil, problem(bench.Errorf(bench.CodeInvalid, "orders is empty"))
		}
		if in.Body.Compare {
			if len(plans) != 2 {
				return nil, problem(bench.Errorf(bench.CodeInvalid, "orders has %d entries: two are compared", len(plans)))
			}
			runs, err := a.submitPair(ctx, [2]bench.Plan(plans), in.Body.Blocks)
			return a.ordered(ctx, runs, err)
		}
		runs, err := a.Scheduler.Submit(ctx, plans, in.Body.Parallel)
		return a.ordered(ctx, runs, err)
	})
}

func (a *API) ordered(ctx context.Context, runs []bench.Run, err error) (*answer[OrderResponse], error) {
	if err != nil {
		return nil, problem(err)
	}
	a.did(ctx, fmt.Sprintf("run %s of %s, and %d more", runs[0].ID, runs[0].Slug, len(runs)-1))
	return &answer[OrderResponse]{OrderResponse{runs}}, nil
}
