package api

import (
	"cmp"
	"context"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// OutlineList is all configured benchmarks in brief: what a page asks for that
// needs their names.
type OutlineList struct {
	Outlines []Outline `json:"outlines"`
}

// Overview is all configured benchmarks as rows of one table, a third of what the
// list of whole benchmarks is.
type Overview struct {
	Rows []Row `json:"rows"`
}

// Row is a benchmark with what a table shows of it.
type Row struct {
	Outline
	Latest        *Line             `json:"latest" doc:"the figures of the newest finished run"`
	Ended         *bench.Run        `json:"ended" doc:"that run as a whole where it did not end ok, since how it ended takes all of it to tell; else null"`
	SuccessRate   bench.SuccessRate `json:"successRate"`
	Recent        []float64         `json:"recent" doc:"medians of the last ok runs in ms, oldest first, as finely as a line of them shows"`
	RecentChanges []int             `json:"recentChanges" doc:"which of recent begin another level"`
}

// Line is of a Run what a table shows of it, under the same names.
type Line struct {
	ID            string         `json:"id"`
	State         bench.State    `json:"state" enum:"queued,running,finished"`
	Verdict       *bench.Verdict `json:"verdict" enum:"ok,nonzero_exit,signaled,timeout,cpu_limit,oom,pids_limit,output_limit,disk_limit,cancelled,start_failed,isolation_unavailable,interrupted,internal_error"`
	Rating        *bench.Rating  `json:"rating" enum:"fast,slow,unsure"`
	Target        *float64       `json:"target"`
	TargetOn      bench.TargetOn `json:"targetOn" enum:"median,p95,cpu,memory"`
	Rated         *bench.Figure  `json:"rated"`
	Time          LineTime       `json:"time"`
	Isolation     LineIsolation  `json:"isolation"`
	ResourceUsage LineUsage      `json:"resourceUsage"`
	CreatedAt     time.Time      `json:"createdAt"`
	FinishedAt    *time.Time     `json:"finishedAt"`
}

// LineTime is of a Time what a table shows.
type LineTime struct {
	Median *float64 `json:"median"`
	CILow  *float64 `json:"ciLow"`
	CIHigh *float64 `json:"ciHigh"`
	N      int      `json:"n"`
}

// LineIsolation is of a RunIsolation what a table shows.
type LineIsolation struct {
	Requested      bench.Isolation  `json:"requested" enum:"in-process,process,container"`
	Effective      *bench.Isolation `json:"effective" enum:"in-process,process,container"`
	Isolated       bool             `json:"isolated"`
	FallbackReason *string          `json:"fallbackReason"`
}

// LineUsage is of a ResourceUsage what a table shows.
type LineUsage struct {
	MaxRSS        *int64             `json:"maxRSS"`
	CPUTime       bench.CPUTime      `json:"cpuTime"`
	ExecutionTime *float64           `json:"executionTime"`
	Sources       bench.UsageSources `json:"sources"`
}

func (a *API) registerOverview(h huma.API) {
	huma.Register(h, op("list-outlines", http.MethodGet, "/outlines", "What benchmarks are configured, without their runs"),
		func(context.Context, *struct{}) (*answer[OutlineList], error) {
			list := make([]Outline, len(a.Benchmarks))
			for i, b := range a.Benchmarks {
				plan, err := a.Policy.Resolve(b, bench.Overrides{})
				if err != nil {
					return nil, problem(err)
				}
				list[i] = outline(b, plan.Timeout)
			}
			return &answer[OutlineList]{OutlineList{list}}, nil
		})
	huma.Register(h, op("get-overview", http.MethodGet, "/overview", "All configured benchmarks as rows of a table: less of each than /benchmarks has"),
		func(ctx context.Context, _ *struct{}) (*answer[Overview], error) {
			views, err := a.views(ctx, a.Benchmarks)
			rows := make([]Row, len(views))
			for i := range views {
				rows[i] = rowOf(&views[i])
			}
			return &answer[Overview]{Overview{rows}}, problem(err)
		})
}

// outline of a benchmark whose timeout was resolved.
func outline(b bench.Benchmark, timeout float64) Outline {
	labels := bench.Labels{} // never null
	maps.Copy(labels, b.Labels)
	return Outline{b.Slug, b.Name, b.Category, b.Kind, labels, b.Target, cmp.Or(b.TargetOn, bench.OnMedian), timeout}
}

func rowOf(v *BenchmarkView) Row {
	row := Row{Outline: v.Outline, SuccessRate: v.SuccessRate, Recent: drawn(v.Recent), RecentChanges: v.RecentChanges}
	if v.Latest != nil {
		row.Latest = lineOf(v.Latest)
		if *v.Latest.Verdict != bench.OK {
			row.Ended = v.Latest
		}
	}
	return row
}

func lineOf(r *bench.Run) *Line {
	return &Line{
		ID: r.ID, State: r.State, Verdict: r.Verdict, Rating: r.Rating, Target: r.Target, TargetOn: r.TargetOn, Rated: r.Rated,
		Time:          lineTime(r),
		Isolation:     LineIsolation{r.Isolation.Requested, r.Isolation.Effective, r.Isolation.Isolated, r.Isolation.FallbackReason},
		ResourceUsage: LineUsage{r.ResourceUsage.MaxRSS, r.ResourceUsage.CPUTime, r.ResourceUsage.ExecutionTime, r.ResourceUsage.Sources},
		CreatedAt:     r.CreatedAt, FinishedAt: r.FinishedAt,
	}
}

func lineTime(r *bench.Run) LineTime {
	return LineTime{r.Time.Median, r.Time.CILow, r.Time.CIHigh, r.Time.N}
}

// drawn are values with the digits that can be seen. The others would be most of
// an overview.
func drawn(values []float64) []float64 {
	list := make([]float64, len(values))
	if len(values) == 0 {
		return list
	}
	span := slices.Max(values) - slices.Min(values)
	for i, v := range values {
		list[i] = rounded(v, span)
	}
	return list
}

// rounded to a hundredth of the span that is drawn, which is under half a pixel of
// a sparkline, and to a thousandth of itself, for the words beside it.
func rounded(v, span float64) float64 {
	fine := math.Abs(v) / 1000
	if span > 0 {
		fine = min(fine, span/100)
	}
	if fine == 0 {
		return 0
	}
	decimals := max(0, int(math.Ceil(-math.Log10(fine))))
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', decimals, 64), 64) // what was written can be read
	return short
}
