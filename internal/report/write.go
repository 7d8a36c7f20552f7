package report

import (
	"encoding/json"
	"io"
	"strings"

	"benchcell/internal/bench"
)

// The formats that Write writes.
const (
	JSON     = "json" // what Parse reads as Benchcell: the only one that holds everything
	CSV      = "csv"
	Markdown = "markdown"
	Benchfmt = "benchfmt" // what Parse reads as Go: for benchstat
	HTML     = "html"     // one page that opens offline
)

// Outputs lists all of them.
var Outputs = []string{JSON, CSV, Markdown, Benchfmt, HTML}

// Write writes a report in the named format.
func Write(w io.Writer, name string, r *Report) error {
	switch name {
	case JSON:
		return json.NewEncoder(w).Encode(r)
	case CSV:
		return writeCSV(w, r)
	case Markdown:
		return writeMarkdown(w, r)
	case HTML:
		return writeHTML(w, r)
	case Benchfmt:
		return writeBenchfmt(w, r)
	}
	return bench.Errorf(bench.CodeInvalid, "format %.100q is not one of %s", name, strings.Join(Outputs, ", "))
}
