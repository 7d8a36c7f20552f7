package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"benchcell/internal/bench"
)

// ComparisonList is one page of comparisons that took turns.
type ComparisonList struct {
	Comparisons []bench.ComparisonInfo `json:"comparisons"`
	NextCursor  *string                `json:"nextCursor" doc:"of the next page; null at the end"`
}

func (a *API) registerComparisonList(h huma.API) {
	huma.Register(h, op("list-comparisons", http.MethodGet, "/comparisons", "Comparisons whose runs take turns, newest first"),
		func(ctx context.Context, in *struct {
			Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"20"`
			Cursor string `query:"cursor" maxLength:"32"`
		},
		) (*answer[ComparisonList], error) {
			pairs, next, err := a.Store.Pairs(ctx, in.Cursor, in.Limit)
			if err != nil {
				return nil, problem(err)
			}
			page := ComparisonList{Comparisons: make([]bench.ComparisonInfo, len(pairs))}
			if next != "" {
				page.NextCursor = &next
			}
			for i, pair := range pairs {
				if page.Comparisons[i], err = a.comparisonInfo(ctx, pair); err != nil {
					return nil, problem(err)
				}
			}
			return &answer[ComparisonList]{page}, nil
		})
}

func (a *API) comparisonInfo(ctx context.Context, pair [2]*bench.Run) (bench.ComparisonInfo, error) {
	c, err := a.judge(ctx, [][2]*bench.Run{pair})
	if err != nil {
		return bench.ComparisonInfo{}, err
	}
	side := func(r *bench.Run) bench.ComparedInfo {
		return bench.ComparedInfo{Slug: r.Slug, Name: r.Benchmark, Isolation: r.Isolation.Requested}
	}
	return bench.ComparisonInfo{
		ID: pair[0].ID, State: c.State, CreatedAt: pair[0].CreatedAt, A: side(pair[0]), B: side(pair[1]), Result: c.Results[0],
	}, nil
}
