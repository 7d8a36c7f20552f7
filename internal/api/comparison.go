package api

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
	"benchcell/internal/comparison"
	"benchcell/internal/report"
)

// ComparisonRequest asks whether B is slower or faster than A.
type ComparisonRequest struct {
	A         ComparisonSide  `json:"a"`
	B         ComparisonSide  `json:"b"`
	Blocks    int             `json:"blocks,omitempty" minimum:"3" maximum:"1000" doc:"of two samples a side each. If not stated: 15, and up to 150 within a minute while the noise hides a change of 5 %. Not for stored runs"`
	Isolation bench.Isolation `json:"isolation,omitempty" enum:"in-process,process,container" doc:"of both sides; not for stored runs"`
}

// ComparisonSide is what one side is: exactly one of these. Stored runs are
// compared at once; a benchmark and a definition are run, taking turns.
type ComparisonSide struct {
	Run        string            `json:"run,omitempty" maxLength:"64" doc:"id of a stored run"`
	Batch      string            `json:"batch,omitempty" maxLength:"64" doc:"id of a batch, of which the benchmarks that the other has too are compared"`
	Benchmark  string            `json:"benchmark,omitempty" maxLength:"300" doc:"slug of a configured benchmark"`
	Definition *bench.Definition `json:"definition,omitempty" doc:"or a program of your own"`
}

// ComparisonsPath is where comparisons are found.
const ComparisonsPath = prefix + "/comparisons/"

// mostCompared benchmarks of two batches.
const mostCompared = 500

func (a *API) registerComparisons(h huma.API) {
	type answered struct {
		Status   int
		Location string `header:"Location"`
		Body     *bench.Comparison
	}
	post := op("create-comparison", http.MethodPost, "/comparisons", "Compare stored runs, or run two benchmarks in turns")
	post.DefaultStatus = http.StatusAccepted
	huma.Register(h, post, func(ctx context.Context, in *struct {
		WaitParam
		Body ComparisonRequest
	},
	) (*answered, error) {
		c, err := a.createComparison(ctx, &in.Body, in.Wait)
		if err != nil {
			return nil, problem(err)
		}
		out := &answered{Status: http.StatusOK, Body: c}
		if c.ID != nil {
			out.Location = ComparisonsPath + *c.ID
		}
		if c.State != bench.Finished {
			out.Status = http.StatusAccepted
		}
		return out, nil
	})
	a.registerComparisonList(h)
	huma.Register(h, op("get-comparison", http.MethodGet, "/comparisons/{id}", "A comparison of runs that take turns"),
		func(ctx context.Context, in *struct {
			PathID
			WaitParam
		},
		) (*answer[*bench.Comparison], error) {
			c, err := a.comparison(ctx, in.ID, in.Wait)
			return &answer[*bench.Comparison]{c}, problem(err)
		})
	huma.Register(h, file("get-comparison-report", "/comparisons/{id}/report", "A comparison for other tools, or as one page that opens offline"),
		func(ctx context.Context, in *struct {
			PathID
			Format string `query:"format" enum:"json,csv,markdown,html" default:"json"`
		},
		) (*huma.StreamResponse, error) {
			c, err := a.comparison(ctx, in.ID, 0)
			if err != nil {
				return nil, problem(err)
			}
			return writeAs(in.Format, func(w io.Writer) error { return report.WriteComparison(w, in.Format, c) })
		})
}

func (a *API) createComparison(ctx context.Context, in *ComparisonRequest, wait int) (*bench.Comparison, error) {
	if in.A.stated() != 1 || in.B.stated() != 1 {
		return nil, bench.Errorf(bench.CodeInvalid, "a and b must each state exactly one of run, batch, benchmark and definition")
	}
	stored := in.A.Run+in.A.Batch+in.B.Run+in.B.Batch != ""
	switch {
	case stored && (in.Blocks != 0 || in.Isolation != ""):
		return nil, bench.Errorf(bench.CodeInvalid, "blocks and isolation are for what is yet to run, and a or b is stored")
	case in.A.Run != "" && in.B.Run != "":
		return a.compareRuns(ctx, in.A.Run, in.B.Run)
	case in.A.Batch != "" && in.B.Batch != "":
		return a.compareBatches(ctx, in.A.Batch, in.B.Batch)
	case stored:
		return nil, bench.Errorf(bench.CodeInvalid, "a and b must be two runs, two batches, or two that are yet to run")
	}
	id, err := a.queuePair(ctx, in)
	if err != nil {
		return nil, err
	}
	return a.comparison(ctx, id, wait)
}

func (s *ComparisonSide) stated() (n int) {
	for _, stated := range []bool{s.Run != "", s.Batch != "", s.Benchmark != "", s.Definition != nil} {
		if stated {
			n++
		}
	}
	return n
}

// comparison of the pair that a run is of, once it is finished, or as it is when
// the time is over.
func (a *API) comparison(ctx context.Context, id string, wait int) (*bench.Comparison, error) {
	run, err := a.await(ctx, id, wait)
	if err != nil {
		return nil, err
	}
	if run.PairedWith == nil {
		return nil, bench.Errorf(bench.CodeNotFound, "run %s took no turns with another", id).
			WithHint("POST %s/comparisons compares two stored runs", prefix)
	}
	other, err := a.await(ctx, *run.PairedWith, wait)
	if err != nil {
		return nil, err
	}
	if *run.Side == bench.SideB {
		run, other = other, run
	}
	return a.judge(ctx, [][2]*bench.Run{{run, other}})
}

func (a *API) compareRuns(ctx context.Context, idA, idB string) (*bench.Comparison, error) {
	runA, err := a.Store.Run(ctx, idA)
	if err != nil {
		return nil, err
	}
	runB, err := a.Store.Run(ctx, idB)
	if err != nil {
		return nil, err
	}
	return a.judge(ctx, [][2]*bench.Run{{runA, runB}})
}

// compareBatches compares the benchmarks that both have, in the order of A.
func (a *API) compareBatches(ctx context.Context, idA, idB string) (*bench.Comparison, error) {
	bySlug := map[string]*bench.Run{}
	runsB, err := a.batch(ctx, idB)
	if err != nil {
		return nil, err
	}
	for i := range runsB {
		bySlug[runsB[i].Slug] = &runsB[i]
	}
	runsA, err := a.batch(ctx, idA)
	if err != nil {
		return nil, err
	}
	var pairs [][2]*bench.Run
	for i := len(runsA) - 1; i >= 0; i-- { // which come newest first
		if b := bySlug[runsA[i].Slug]; b != nil {
			pairs = append(pairs, [2]*bench.Run{&runsA[i], b})
		}
	}
	if len(pairs) == 0 {
		return nil, bench.Errorf(bench.CodeInvalid, "the batches %.64s and %.64s have no benchmark in common", idA, idB)
	}
	return a.judge(ctx, pairs)
}

func (a *API) batch(ctx context.Context, id string) ([]bench.Run, error) {
	runs, next, err := a.Store.Runs(ctx, bench.RunFilter{Batch: id}, "", mostCompared)
	switch {
	case err != nil:
		return nil, err
	case len(runs) == 0:
		return nil, bench.Errorf(bench.CodeNotFound, "there is no batch %.64q", id)
	case next != "":
		return nil, bench.Errorf(bench.CodeInvalid, "batch %.64s has more than %d runs: compare the runs themselves", id, mostCompared)
	}
	return runs, nil
}

// judge runs by their stored samples.
func (a *API) judge(ctx context.Context, runs [][2]*bench.Run) (*bench.Comparison, error) {
	pairs := make([]comparison.Pair, len(runs))
	for i, both := range runs {
		var sides [2]comparison.Side
		for j, run := range both {
			samples, err := a.Store.Samples(ctx, run.ID)
			if err != nil {
				return nil, err
			}
			sides[j] = comparison.Side{Run: run, Samples: samples}
		}
		pairs[i] = comparison.Pair{A: sides[0], B: sides[1]}
	}
	c := comparison.Judge(pairs)
	if c.Taken == bench.Interleaved {
		c.ID = &runs[0][0].ID
	}
	return c, nil
}
