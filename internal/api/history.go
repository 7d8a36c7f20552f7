package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// History is who looks at the runs of a benchmark as a whole.
type History interface {
	Trend(ctx context.Context, q bench.TrendQuery) (*bench.Trend, error)
	Changes(series []float64) []int // values from which on the level is another; never nil
}

// Where benchmarks and alerts are found.
const (
	BenchmarksPath = prefix + "/benchmarks/"
	AlertsPath     = prefix + "/alerts"
)

// BaselineRequest names the run that a baseline is.
type BaselineRequest struct {
	Run string `json:"run" maxLength:"64" doc:"an ok run of the benchmark"`
}

// TrendRequest asks for a trend.
type TrendRequest struct {
	Slug       string          `path:"slug" maxLength:"300"`
	Machine    string          `query:"machine" maxLength:"64" doc:"that of the latest run, if not stated; so the next two. The answer's choices lists what there is"`
	Isolation  bench.Isolation `query:"isolation" enum:"in-process,process,container"`
	Definition string          `query:"definition" maxLength:"64"`
	Branch     string          `query:"branch" maxLength:"250" doc:"only its runs; change points are then found among these alone"`
	From       time.Time       `query:"from" doc:"only runs that ended at this time or later, as 2026-01-31T12:00:00Z"`
	To         time.Time       `query:"to" doc:"only runs that ended at this time or earlier"`
	Limit      int             `query:"limit" minimum:"1" maximum:"20000" default:"10000" doc:"the newest of these runs to look at"`
	Points     int             `query:"points" minimum:"20" maximum:"5000" default:"1000" doc:"how many to show about: the extremes of each stretch, and every change and alert"`
	Baseline   string          `query:"baseline" maxLength:"300" doc:"previous, branch-point (where the branch of the latest run began), branch:NAME (its latest run), or the name of a baseline"`
}

// Resolve implements huma.Resolver.
func (r *TrendRequest) Resolve(huma.Context) []error {
	if !r.From.IsZero() && !r.To.IsZero() && r.To.Before(r.From) {
		return []error{&huma.ErrorDetail{Location: "query.to", Message: "to must not lie before from", Value: r.To}}
	}
	return nil
}

func (a *API) registerHistory(h huma.API) {
	huma.Register(h, op("get-trend", http.MethodGet, "/benchmarks/{slug}/trend", "The history of a benchmark on one machine"),
		func(ctx context.Context, in *TrendRequest) (*answer[*bench.Trend], error) {
			t, err := a.History.Trend(ctx, bench.TrendQuery{
				Series: bench.Series{Benchmark: in.Slug, Machine: in.Machine, Isolation: in.Isolation, Definition: in.Definition},
				From:   in.From, To: in.To, Branch: in.Branch, Limit: in.Limit, Points: in.Points, Baseline: in.Baseline,
			})
			return &answer[*bench.Trend]{t}, problem(err)
		})
	put := op("put-baseline", http.MethodPut, "/benchmarks/{slug}/baselines/{name}", "Name a run to compare with")
	put.DefaultStatus = http.StatusNoContent
	huma.Register(h, put, func(ctx context.Context, in *struct {
		Slug string `path:"slug" maxLength:"300"`
		Name string `path:"name" pattern:"^[a-z0-9][a-z0-9._-]{0,63}$" doc:"not previous or branch-point, which are taken"`
		Body BaselineRequest
	},
	) (*struct{}, error) {
		if in.Name == bench.Previous || in.Name == bench.BranchPoint {
			return nil, problem(bench.Errorf(bench.CodeInvalid, "name is %s, which stands for a run already: choose another", in.Name))
		}
		if err := a.Store.SetBaseline(ctx, in.Slug, in.Name, in.Body.Run); err != nil {
			return nil, problem(err)
		}
		a.did(ctx, "baseline "+in.Name+" of "+in.Slug+" is run "+in.Body.Run)
		return nil, nil
	})
	a.registerAlerts(h)
}

// AlertList is alerts, newest first.
type AlertList struct {
	Alerts []bench.Alert `json:"alerts"`
}

// AlertAnswer is what a reader says of an alert.
type AlertAnswer struct {
	State *bench.AlertState `json:"state,omitempty" enum:"confirmed,accepted,muted" doc:"accepted: the band begins anew; muted: silent until the next change"`
	Note  *string           `json:"note,omitempty" maxLength:"2000"`
}

func (a *API) registerAlerts(h huma.API) {
	huma.Register(h, op("list-alerts", http.MethodGet, "/alerts", "Benchmarks that left their band, newest first"),
		func(ctx context.Context, in *struct {
			State bench.AlertState `query:"state" enum:"new,confirmed,accepted,muted"`
			Limit int              `query:"limit" minimum:"1" maximum:"500" default:"50"`
		},
		) (*answer[AlertList], error) {
			list, err := a.Store.Alerts(ctx, in.State, in.Limit)
			return &answer[AlertList]{AlertList{list}}, problem(err)
		})
	patch := op("answer-alert", http.MethodPatch, "/alerts/{id}", "Accept an alert, mute it, or write a note")
	huma.Register(h, patch, func(ctx context.Context, in *struct {
		PathID
		Body AlertAnswer
	},
	) (*answer[*bench.Alert], error) {
		if err := a.Store.AnswerAlert(ctx, in.ID, in.Body.State, in.Body.Note); err != nil {
			return nil, problem(err)
		}
		a.did(ctx, "alert "+in.ID)
		alert, err := a.Store.Alert(ctx, in.ID)
		return &answer[*bench.Alert]{alert}, problem(err)
	})
}
