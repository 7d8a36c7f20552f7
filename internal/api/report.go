package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/oklog/ulid/v2"

	"benchcell/internal/bench"
	"benchcell/internal/report"
)

// ReportList is the imported reports.
type ReportList struct {
	Reports []bench.ReportInfo `json:"reports"`
}

// mediaTypes of what a report is written as.
var mediaTypes = map[string]string{
	report.JSON: "application/json", report.CSV: "text/csv; charset=utf-8",
	report.Markdown: "text/markdown; charset=utf-8", report.Benchfmt: "text/plain; charset=utf-8",
	report.HTML: "text/html; charset=utf-8",
}

// written asks for a report in some format.
type written struct {
	PathID
	Format string `query:"format" enum:"json,csv,markdown,benchfmt,html" default:"json"`
}

func (a *API) registerReports(h huma.API) {
	post := op("import-report", http.MethodPost, "/reports", "Store what another benchmark tool reported")
	post.DefaultStatus = http.StatusCreated
	post.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
	huma.Register(h, post, func(ctx context.Context, in *struct {
		Name    string `query:"name" maxLength:"300" doc:"of the report; its format without"`
		Format  string `query:"format" enum:"go,google-benchmark,hyperfine,pytest-benchmark,benchcell" doc:"told by the content if left out"`
		RawBody []byte `contentType:"application/octet-stream"`
	},
	) (*answer[bench.ReportInfo], error) {
		info, err := a.importReport(ctx, in.Name, in.Format, in.RawBody)
		return &answer[bench.ReportInfo]{info}, problem(err)
	})
	huma.Register(h, op("list-reports", http.MethodGet, "/reports", "Imported reports, newest first"),
		func(ctx context.Context, in *struct {
			Limit int `query:"limit" minimum:"1" maximum:"500" default:"50"`
		},
		) (*answer[ReportList], error) {
			list, err := a.Store.Reports(ctx, in.Limit)
			return &answer[ReportList]{ReportList{list}}, problem(err)
		})
	huma.Register(h, file("get-report", "/reports/{id}", "An imported report, whole"),
		func(ctx context.Context, in *written) (*huma.StreamResponse, error) {
			r, err := a.storedReport(ctx, in.ID)
			if err != nil {
				return nil, problem(err)
			}
			return write(r, in.Format)
		})
	huma.Register(h, file("get-run-report", "/runs/{id}/report", "A run for other tools: what it reported, or its samples"),
		func(ctx context.Context, in *written) (*huma.StreamResponse, error) {
			r, err := a.reportOf(ctx, in.ID)
			if err != nil {
				return nil, problem(err)
			}
			return write(r, in.Format)
		})
}

func file(id, path, summary string) huma.Operation {
	o := op(id, http.MethodGet, path, summary)
	o.Responses = map[string]*huma.Response{"200": {Description: "the file", Content: map[string]*huma.MediaType{}}}
	for _, mediaType := range mediaTypes {
		o.Responses["200"].Content[mediaType] = &huma.MediaType{}
	}
	return o
}

func (a *API) importReport(ctx context.Context, name, format string, body []byte) (bench.ReportInfo, error) {
	read, err := report.Parse(bytes.NewReader(body), format)
	if err != nil {
		return bench.ReportInfo{}, err
	}
	if name == "" {
		name = read.Format
	}
	stored, err := read.Stored(ulid.Make().String(), name, time.Now().UTC().Truncate(time.Millisecond))
	if err != nil {
		return bench.ReportInfo{}, err
	}
	if err := a.Store.SaveReport(ctx, *stored); err != nil {
		return bench.ReportInfo{}, err
	}
	a.did(ctx, "report "+stored.ID)
	return stored.ReportInfo, nil
}

func (a *API) storedReport(ctx context.Context, id string) (*report.Report, error) {
	stored, err := a.Store.Report(ctx, id)
	if err != nil {
		return nil, err
	}
	return report.Restore(stored)
}

// reportOf is what a run reported or, of another kind, what its samples say.
func (a *API) reportOf(ctx context.Context, id string) (*report.Report, error) {
	run, err := a.Store.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	if run.Kind == bench.KindReport {
		return a.storedReport(ctx, id)
	}
	samples, err := a.Store.Samples(ctx, id)
	if err != nil {
		return nil, err
	}
	return report.FromRun(run, samples), nil
}

func write(r *report.Report, format string) (*huma.StreamResponse, error) {
	return writeAs(format, func(w io.Writer) error { return report.Write(w, format, r) })
}

// writeAs answers with a file of some format.
func writeAs(format string, write func(io.Writer) error) (*huma.StreamResponse, error) {
	var text bytes.Buffer
	if err := write(&text); err != nil {
		return nil, problem(err)
	}
	return &huma.StreamResponse{Body: func(c huma.Context) {
		// A stranger named what is in it: it must stay inert in any browser.
		c.SetHeader("Content-Type", mediaTypes[format])
		c.SetHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
		c.SetStatus(http.StatusOK)
		_, _ = c.BodyWriter().Write(text.Bytes()) // the client may be gone
	}}, nil
}
