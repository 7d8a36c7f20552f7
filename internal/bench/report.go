package bench

import "time"

// ReportInfo says what a stored report is. Its content is package report's.
type ReportInfo struct {
	ID        string    `json:"id" doc:"that of the run, or of the import"`
	Name      string    `json:"name"`
	Format    string    `json:"format" doc:"that it was read from"`
	Results   int       `json:"results" doc:"benchmarks in it"`
	Metrics   int       `json:"metrics" doc:"of all of them"`
	CreatedAt time.Time `json:"createdAt"`
}

// StoredReport is one with its content, as JSON of the format "benchcell".
type StoredReport struct {
	ReportInfo
	Body []byte
}
