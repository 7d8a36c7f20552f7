package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// RunRequest asks for one run: of a configured benchmark by its slug, or of a
// definition, which is untrusted whatever it says.
type RunRequest struct {
	Benchmark  string            `json:"benchmark,omitempty" maxLength:"300" doc:"slug of a configured benchmark"`
	Definition *bench.Definition `json:"definition,omitempty" doc:"or a program of your own"`
	Isolation  bench.Isolation   `json:"isolation,omitempty" enum:"in-process,process,container"`
	Iterations int               `json:"iterations,omitempty" minimum:"1" maximum:"1000000"`
	Timeout    float64           `json:"timeout,omitempty" exclusiveMinimum:"0" maximum:"86400000" doc:"ms"`
	Revision   *bench.Revision   `json:"revision,omitempty" doc:"the code that a configured benchmark measures"`
}

// exitCodes describes bench.ExitCodes: a list of codes, or the word true.
type exitCodes struct{ bench.ExitCodes }

// Schema implements huma.SchemaProvider.
func (exitCodes) Schema(huma.Registry) *huma.Schema {
	code := &huma.Schema{Type: huma.TypeInteger, Minimum: new(1.0), Maximum: new(255.0)}
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeArray, Items: code, MinItems: new(1), MaxItems: new(255)},
		{Type: huma.TypeBoolean, Enum: []any{true}},
	}}
}

// WaitParam is how long a client wants to wait.
type WaitParam struct {
	Wait int `query:"wait" minimum:"0" maximum:"300" doc:"seconds to wait for the run to finish"`
}

func (a *API) registerRuns(h huma.API) {
	post := op("create-run", http.MethodPost, "/runs", "Queue a run")
	post.DefaultStatus = http.StatusAccepted
	type created struct {
		Location string `header:"Location"`
		Body     *bench.Run
	}
	huma.Register(h, post, func(ctx context.Context, in *struct {
		WaitParam
		Body RunRequest
	},
	) (*created, error) {
		run, err := a.createRun(ctx, &in.Body, in.Wait)
		if err != nil {
			return nil, problem(err)
		}
		return &created{Location: prefix + "/runs/" + run.ID, Body: run}, nil
	})
	a.registerBatches(h)
	a.registerRunList(h)
	huma.Register(h, op("get-run", http.MethodGet, "/runs/{id}", "One run"),
		func(ctx context.Context, in *struct {
			PathID
			WaitParam
		},
		) (*answer[*bench.Run], error) {
			run, err := a.await(ctx, in.ID, in.Wait)
			return &answer[*bench.Run]{run}, problem(err)
		})
	cancel := op("cancel-run", http.MethodPost, "/runs/{id}/cancel", "End a run: at once if queued, else by SIGTERM")
	cancel.DefaultStatus = http.StatusAccepted
	huma.Register(h, cancel, func(ctx context.Context, in *PathID) (*answer[*bench.Run], error) {
		if err := a.Scheduler.Cancel(ctx, in.ID); err != nil {
			return nil, problem(err)
		}
		a.did(ctx, "run "+in.ID)
		run, err := a.Store.Run(ctx, in.ID)
		return &answer[*bench.Run]{run}, problem(err)
	})
}

// PathID is the id in the path.
type PathID struct {
	ID string `path:"id" maxLength:"64"`
}

// createRun queues a run, and gives it as it is after so many seconds if it has not
// ended before.
func (a *API) createRun(ctx context.Context, in *RunRequest, seconds int) (*bench.Run, error) {
	overrides := bench.Overrides{
		Isolation: in.Isolation, Iterations: in.Iterations, Timeout: in.Timeout, Revision: in.Revision,
	}
	if (in.Benchmark == "") == (in.Definition == nil) {
		return nil, bench.Errorf(bench.CodeInvalid, "state exactly one of benchmark and definition")
	}
	b, err := a.benchmark(in.Benchmark, in.Definition)
	if err != nil {
		return nil, err
	}
	plan, err := a.Policy.Resolve(b, overrides)
	if err != nil {
		return nil, err
	}
	if seconds == 0 {
		runs, err := a.Scheduler.Submit(ctx, []bench.Plan{plan}, 0)
		if err != nil {
			return nil, err
		}
		a.did(ctx, "run "+runs[0].ID+" of "+runs[0].Slug)
		return &runs[0], nil
	}
	run, ended, forget, err := a.Scheduler.SubmitAwaited(ctx, plan)
	if err != nil {
		return nil, err
	}
	defer forget()
	a.did(ctx, "run "+run.ID+" of "+run.Slug)
	return a.end(ctx, run.ID, ended, seconds)
}

// apart keeps a stranger's runs from being taken for those of a benchmark of the
// operator's: its address is another, whatever its name is.
func (a *API) apart(b bench.Benchmark) bench.Benchmark {
	for _, taken := a.bySlug[b.Slug]; taken; _, taken = a.bySlug[b.Slug] {
		b.Slug = "submitted-" + b.Slug
	}
	return b
}

// await is the run once it is finished, or as it is when the time is over.
func (a *API) await(ctx context.Context, id string, seconds int) (*bench.Run, error) {
	ended, forget := a.Store.Watch(id)
	defer forget()
	run, err := a.Store.Run(ctx, id)
	if err != nil || seconds == 0 || run.State == bench.Finished {
		return run, err
	}
	return a.end(ctx, id, ended, seconds)
}

func (a *API) end(ctx context.Context, id string, ended <-chan *bench.Run, seconds int) (*bench.Run, error) {
	select {
	case run := <-ended:
		return run, nil
	case <-time.After(time.Duration(seconds) * time.Second):
		return a.Store.Run(ctx, id)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// BatchRequest asks for runs of several benchmarks.
type BatchRequest struct {
	Benchmarks slugs           `json:"benchmarks" doc:"slugs, or \"all\""`
	Isolation  bench.Isolation `json:"isolation,omitempty" enum:"in-process,process,container"`
	Parallel   int             `json:"parallel,omitempty" minimum:"1" maximum:"1024" doc:"most tests at a time; measured runs stay one at a time"`
	Revision   *bench.Revision `json:"revision,omitempty" doc:"the code that they measure"`
}

// Batch is runs that were started together.
type Batch struct {
	ID   string      `json:"id"`
	Runs []bench.Run `json:"runs"`
}

// BatchList is the newest batches.
type BatchList struct {
	Batches []bench.BatchInfo `json:"batches"`
}

func (a *API) registerBatches(h huma.API) {
	huma.Register(h, op("list-batches", http.MethodGet, "/batches", "Batches, newest first"),
		func(ctx context.Context, in *struct {
			Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
		},
		) (*answer[BatchList], error) {
			list, err := a.Store.Batches(ctx, in.Limit)
			return &answer[BatchList]{BatchList{list}}, problem(err)
		})
	post := op("create-batch", http.MethodPost, "/batches", "Queue runs of several benchmarks")
	post.DefaultStatus = http.StatusAccepted
	huma.Register(h, post, func(ctx context.Context, in *struct{ Body BatchRequest }) (*answer[Batch], error) {
		chosen, err := a.choose(in.Body.Benchmarks)
		if err != nil {
			return nil, problem(err)
		}
		plans, err := a.resolveAll(chosen, bench.Overrides{Isolation: in.Body.Isolation, Revision: in.Body.Revision})
		if err != nil {
			return nil, problem(err)
		}
		runs, err := a.Scheduler.Submit(ctx, plans, max(in.Body.Parallel, 1))
		if err != nil {
			return nil, problem(err)
		}
		a.did(ctx, fmt.Sprintf("batch %s of %d runs", *runs[0].Batch, len(runs)))
		return &answer[Batch]{Batch{*runs[0].Batch, runs}}, nil
	})
}

// slugs is a list of slugs, or the word "all".
type slugs struct{ any }

// mostRuns is how many runs one request may ask for.
const mostRuns = 10_000

// Schema implements huma.SchemaProvider.
func (slugs) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeString}, MinItems: new(1), MaxItems: new(mostRuns)},
		{Type: huma.TypeString, Enum: []any{"all"}},
	}}
}

// UnmarshalJSON keeps what the schema has let through.
func (s *slugs) UnmarshalJSON(b []byte) error { return unmarshalAny(b, &s.any) }

func (a *API) choose(wanted slugs) ([]bench.Benchmark, error) {
	list, ok := wanted.any.([]any)
	if !ok {
		if len(a.Benchmarks) == 0 {
			return nil, bench.Errorf(bench.CodeNotFound, "no benchmark is configured")
		}
		return a.Benchmarks, nil
	}
	if len(list) == 0 {
		return nil, bench.Errorf(bench.CodeInvalid, "benchmarks is empty: it must name at least one")
	}
	var chosen []bench.Benchmark
	for _, slug := range list {
		name, _ := slug.(string)
		b, err := a.lookup(name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, b)
	}
	return chosen, nil
}

func (a *API) resolveAll(list []bench.Benchmark, o bench.Overrides) ([]bench.Plan, error) {
	var plans []bench.Plan
	for _, b := range list {
		plan, err := a.Policy.Resolve(b, o)
		if err != nil {
			return nil, bench.Errorf(bench.CodeInvalid, "benchmark %s: %w", b.Slug, err)
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

// RunList is one page of runs.
type RunList struct {
	Runs       []bench.Run `json:"runs"`
	NextCursor *string     `json:"nextCursor" doc:"of the next page; null at the end"`
}

func (a *API) registerRunList(h huma.API) {
	huma.Register(h, op("list-runs", http.MethodGet, "/runs", "Runs, newest first"),
		func(ctx context.Context, in *struct {
			Benchmark string          `query:"benchmark" maxLength:"300" doc:"slug"`
			Verdict   bench.Verdict   `query:"verdict"`
			Isolation bench.Isolation `query:"isolation" enum:"in-process,process,container"`
			Category  string          `query:"category" maxLength:"300"`
			Batch     string          `query:"batch" maxLength:"64"`
			State     bench.State     `query:"state" enum:"queued,running,finished"`
			Limit     int             `query:"limit" minimum:"1" maximum:"500" default:"50"`
			Cursor    string          `query:"cursor" maxLength:"32"`
		},
		) (*answer[RunList], error) {
			if in.Verdict != "" && !slices.Contains(bench.Verdicts, in.Verdict) {
				return nil, problem(bench.Errorf(bench.CodeInvalid, "verdict %.32q is not one of %v", in.Verdict, bench.Verdicts))
			}
			f := bench.RunFilter{
				Benchmark: in.Benchmark, Verdict: in.Verdict, Isolation: in.Isolation,
				Category: in.Category, Batch: in.Batch, State: in.State,
			}
			runs, next, err := a.Store.Runs(ctx, f, in.Cursor, in.Limit)
			if err != nil {
				return nil, problem(err)
			}
			out := &answer[RunList]{RunList{Runs: runs}}
			if next != "" {
				out.Body.NextCursor = &next
			}
			return out, nil
		})
}
