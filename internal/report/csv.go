package report

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// columns of the CSV: one row for each sample and each statistic.
var columns = []string{"benchmark", "labels", "metric", "unit", "better", "statistic", "index", "value"}

// writeCSV writes RFC 4180, lines ended as it says.
func writeCSV(w io.Writer, r *Report) error {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	_ = c.Write(columns) // Error tells below
	for i := range r.Results {
		if err := csvRows(c, &r.Results[i]); err != nil {
			return err
		}
	}
	for _, f := range r.Failures {
		_ = c.Write([]string{cell(f.Name), "", "", "", "", "failure", "", cell(f.Message)})
	}
	c.Flush()
	return c.Error()
}

func csvRows(c *csv.Writer, r *Result) error {
	labels := ""
	if len(r.Labels) > 0 {
		text, err := json.Marshal(r.Labels)
		if err != nil {
			return err
		}
		labels = cell(string(text))
	}
	row := []string{cell(r.Name), labels, "", "", "", "", "", ""}
	for i := range r.Metrics {
		m := &r.Metrics[i]
		row[2], row[3], row[4] = cell(m.Name), cell(m.Unit), m.Better
		for n, x := range m.Samples {
			row[5], row[6], row[7] = "sample", strconv.Itoa(n), figure(x)
			_ = c.Write(row)
		}
		for _, name := range slices.Sorted(maps.Keys(m.Stats)) {
			row[5], row[6], row[7] = cell(name), "", figure(m.Stats[name])
			_ = c.Write(row)
		}
	}
	return nil
}

func figure(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// cell keeps a text from being run as a formula: spreadsheets run what begins
// with one of these, quoted or not, in
// some countries the wide ones too. An apostrophe before it makes it text; one
// that was there gets another, so that taking off the first undoes it.
func cell(s string) string {
	s = visible(s)
	if first, _ := utf8.DecodeRuneInString(s); s != "" && strings.ContainsRune("=+-@'＝＋－＠", first) {
		return "'" + s
	}
	return s
}
