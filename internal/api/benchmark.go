package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// rateWindow is over how many days success is counted.
const rateWindow = 7

// recentRuns is how many medians a benchmark's line shows.
const recentRuns = 30

// Outline is what a benchmark is, without what is known of its runs.
type Outline struct {
	Slug     string         `json:"slug"`
	Name     string         `json:"name"`
	Category string         `json:"category"`
	Kind     bench.Kind     `json:"kind" enum:"builtin,command,protocol,report,tests"`
	Labels   bench.Labels   `json:"labels" doc:"parameters to tell benchmarks apart by"`
	Target   *float64       `json:"target" doc:"ms per iteration; bytes where targetOn is memory"`
	TargetOn bench.TargetOn `json:"targetOn" enum:"median,p95,cpu,memory" doc:"the figure that the target bounds"`
	Timeout  float64        `json:"timeout" doc:"ms for one execution"`
}

// BenchmarkView is a benchmark with what is known of it.
type BenchmarkView struct {
	Outline
	Command     []string          `json:"command"`
	Iterations  *int              `json:"iterations" doc:"null: as many as give a good picture"`
	Trusted     bool              `json:"trusted"`
	Isolation   bench.Isolation   `json:"isolation" enum:"in-process,process,container" doc:"where it runs if nothing else is asked for"`
	Latest      *bench.Run        `json:"latest" doc:"newest finished run"`
	SuccessRate bench.SuccessRate `json:"successRate"`
	Recent      []float64         `json:"recent" doc:"medians of the last ok runs in ms, oldest first"`
	// RecentChanges are found anew when a run has ended: see levels.
	RecentChanges []int `json:"recentChanges" doc:"which of recent begin another level"`
}

// BenchmarkList is all configured benchmarks.
type BenchmarkList struct {
	Benchmarks []BenchmarkView `json:"benchmarks"`
}

func (a *API) registerBenchmarks(h huma.API) {
	huma.Register(h, op("list-benchmarks", http.MethodGet, "/benchmarks", "All configured benchmarks"),
		func(ctx context.Context, _ *struct{}) (*answer[BenchmarkList], error) {
			views, err := a.views(ctx, a.Benchmarks)
			return &answer[BenchmarkList]{BenchmarkList{views}}, problem(err)
		})
	huma.Register(h, op("get-benchmark", http.MethodGet, "/benchmarks/{slug}", "One benchmark"),
		func(ctx context.Context, in *struct {
			Slug string `path:"slug" maxLength:"300"`
		},
		) (*answer[BenchmarkView], error) {
			b, err := a.lookup(in.Slug)
			if err != nil {
				return nil, problem(err)
			}
			views, err := a.views(ctx, []bench.Benchmark{b})
			if err != nil {
				return nil, problem(err)
			}
			return &answer[BenchmarkView]{views[0]}, nil
		})
}

func (a *API) lookup(slug string) (bench.Benchmark, error) {
	b, ok := a.bySlug[slug]
	if !ok {
		return b, bench.Errorf(bench.CodeNotFound, "there is no benchmark %.64q", slug).
			WithHint("GET %s/benchmarks lists them", prefix)
	}
	return b, nil
}

// newest are the last of a list, at most n.
func newest(list []float64, n int) []float64 { return list[max(len(list)-n, 0):] }

func (a *API) views(ctx context.Context, benchmarks []bench.Benchmark) ([]BenchmarkView, error) {
	slugs := make([]string, len(benchmarks))
	for i, b := range benchmarks {
		slugs[i] = b.Slug
	}
	latest, err := a.Store.Latest(ctx, slugs)
	if err != nil {
		return nil, err
	}
	rates, err := a.Store.SuccessRates(ctx, slugs, rateWindow)
	if err != nil {
		return nil, err
	}
	recent, err := a.Store.Medians(ctx, slugs)
	if err != nil {
		return nil, err
	}
	views := make([]BenchmarkView, len(benchmarks))
	for i, b := range benchmarks {
		plan, err := a.Policy.Resolve(b, bench.Overrides{})
		if err != nil {
			return nil, err
		}
		rate := rates[b.Slug]
		rate.WindowDays = rateWindow
		medians := newest(recent[b.Slug], recentRuns)
		views[i] = BenchmarkView{
			Outline: outline(b, plan.Timeout), Command: b.Command, Trusted: b.Trusted, Isolation: plan.Requested,
			Latest: latest[b.Slug], SuccessRate: rate, Recent: medians,
			RecentChanges: a.levels.changes(b.Slug, latest[b.Slug], medians, a.History.Changes),
		}
		if b.Iterations > 0 {
			views[i].Iterations = &b.Iterations
		}
	}
	return views, nil
}
