package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

const mostOfSide = 500 // runs of an isolation that are looked at

// SideList is what of runs a page shows that holds isolations against each other:
// a fortieth of the runs as a whole.
type SideList struct {
	Sides []Side `json:"sides"`
}

// Side is the newest run of a benchmark under one isolation that ended ok.
type Side struct {
	Slug      string          `json:"slug"`
	Isolation bench.Isolation `json:"isolation" enum:"in-process,process,container"`
	Time      LineTime        `json:"time"`
}

func (a *API) registerSides(h huma.API) {
	huma.Register(h, op("list-sides", http.MethodGet, "/sides", "The times of each benchmark's newest ok run under each isolation, among the last 500 of it"),
		func(ctx context.Context, _ *struct{}) (*answer[SideList], error) {
			list := []Side{} // never null
			for _, isolation := range bench.Isolations {
				runs, _, err := a.Store.Runs(ctx, bench.RunFilter{Isolation: isolation, Verdict: bench.OK}, "", mostOfSide)
				if err != nil {
					return nil, problem(err)
				}
				list = append(list, newestOf(runs, isolation)...)
			}
			return &answer[SideList]{SideList{list}}, nil
		})
}

// newestOf takes of runs, which begin with the newest, the first of each benchmark.
func newestOf(runs []bench.Run, isolation bench.Isolation) []Side {
	var list []Side
	seen := map[string]bool{}
	for i := range runs {
		r := &runs[i]
		if !seen[r.Slug] {
			seen[r.Slug] = true
			list = append(list, Side{r.Slug, isolation, lineTime(r)})
		}
	}
	return list
}
