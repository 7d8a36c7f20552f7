package report

import (
	"bytes"
	"encoding/json"
	"time"

	"benchcell/internal/bench"
)

// Stored is the report as it is kept under an id.
func (r *Report) Stored(id, name string, at time.Time) (*bench.StoredReport, error) {
	var body bytes.Buffer
	if err := Write(&body, JSON, r); err != nil {
		return nil, err
	}
	info := bench.ReportInfo{ID: id, Name: name, Format: r.Format, Results: len(r.Results), CreatedAt: at}
	for i := range r.Results {
		info.Metrics += len(r.Results[i].Metrics)
	}
	return &bench.StoredReport{ReportInfo: info, Body: body.Bytes()}, nil
}

// Restore is the report of what Stored kept.
func Restore(stored *bench.StoredReport) (*Report, error) {
	r := &Report{}
	return r, json.Unmarshal(stored.Body, r)
}
