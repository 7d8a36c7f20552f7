package report

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"benchcell/internal/bench"
)

// ComparisonOutputs lists the formats of a comparison: there is nothing in it for
// benchstat, which compares samples itself.
var ComparisonOutputs = []string{JSON, CSV, Markdown, HTML}

// WriteComparison writes a comparison in the named format.
func WriteComparison(w io.Writer, name string, c *bench.Comparison) error {
	switch name {
	case JSON:
		return json.NewEncoder(w).Encode(c)
	case CSV:
		return comparisonCSV(w, c)
	case Markdown:
		return comparisonMarkdown(w, c)
	case HTML:
		return comparisonHTML(w, c)
	}
	return bench.Errorf(bench.CodeInvalid, "format %.100q is not one of %s", name, strings.Join(ComparisonOutputs, ", "))
}

func comparisonCSV(w io.Writer, c *bench.Comparison) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write([]string{ // Error tells below
		"benchmark", "runA", "runB", "medianA", "medianB", "nA", "nB", "effect", "low", "high", "p", "adjusted", "decision", "noise", "detectable",
	})
	for _, r := range c.Results {
		_ = out.Write([]string{
			cell(r.Benchmark), r.A.Run, r.B.Run, optional(r.A.Median), optional(r.B.Median), strconv.Itoa(r.A.N), strconv.Itoa(r.B.N),
			optional(r.Effect), optional(r.Low), optional(r.High), optional(r.P), optional(r.Adjusted), string(decided(r)), optional(r.Noise), optional(r.Detectable),
		})
	}
	out.Flush()
	return out.Error()
}

func comparisonMarkdown(w io.Writer, c *bench.Comparison) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "| Benchmark | A | B | B against A | 95 % interval | p | |\n|---|--:|--:|--:|--:|--:|---|\n")
	for _, row := range rowsOf(c) {
		fmt.Fprintf(out, "| %s | %s | %s | %s | %s | %s | %s |\n", code(row.Name), row.A, row.B, row.Effect, row.Interval, row.P, row.Decision)
	}
	fmt.Fprintf(out, "\n%s\n", evidenceWords(c))
	if mean := meanWords(c); mean != "" {
		fmt.Fprintf(out, "\n%s\n", mean)
	}
	for i, warning := range c.Warnings {
		if i == 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "- %s\n", code(warning.Message))
	}
	return out.Flush()
}

var comparisonPage = parsed("comparison.html")

// comparisonHTML writes one page that needs nothing else, as writeHTML does.
func comparisonHTML(w io.Writer, c *bench.Comparison) error {
	var warnings []string
	for _, warning := range c.Warnings {
		warnings = append(warnings, visible(warning.Message))
	}
	return comparisonPage.Execute(w, struct {
		Title, Evidence, Mean string
		Rows                  []comparedRow
		Warnings              []string
	}{comparisonTitle(c), evidenceWords(c), meanWords(c), rowsOf(c), warnings})
}

func comparisonTitle(c *bench.Comparison) string {
	if len(c.Results) != 1 {
		return "Comparison of " + strconv.Itoa(len(c.Results)) + " benchmarks"
	}
	return "Comparison of " + namesOf(c.Results[0])
}

// namesOf the benchmarks that were compared: two where they differ.
func namesOf(r bench.Compared) string {
	if r.B.Benchmark == r.A.Benchmark {
		return visible(r.Benchmark)
	}
	return visible(r.Benchmark) + " and " + visible(r.B.Benchmark)
}

// comparedRow is one result in words, and where its interval lies in a drawing.
type comparedRow struct {
	Name, A, B, Effect, Interval, P, Decision string
	Bar                                       *bar
}

// bar is an interval on a line of Width pixels, in whose middle is no difference.
type bar struct{ Width, Middle, Low, Length, Effect float64 }

func rowsOf(c *bench.Comparison) []comparedRow {
	reach := 0.1 // of the drawing to either side, so that noise does not fill it
	for _, r := range c.Results {
		for _, end := range []*float64{r.Effect, r.Low, r.High} {
			if end != nil {
				reach = max(reach, math.Abs(*end))
			}
		}
	}
	rows := make([]comparedRow, len(c.Results))
	for i, r := range c.Results {
		rows[i] = comparedRow{
			Name: namesOf(r), A: medianWords(r.A), B: medianWords(r.B), Effect: inPercent(r.Effect), Interval: "–", P: "–",
			Decision: strings.ReplaceAll(string(decided(r)), "_", " "),
		}
		if r.Low != nil && r.High != nil {
			rows[i].Interval = inPercent(r.Low) + " to " + inPercent(r.High)
		}
		if r.Adjusted != nil {
			rows[i].P = strconv.FormatFloat(*r.Adjusted, 'g', 2, 64)
		}
		rows[i].Bar = barOf(r, reach)
	}
	return rows
}

func barOf(r bench.Compared, reach float64) *bar {
	if r.Effect == nil {
		return nil
	}
	const width, margin = 240.0, 6.0
	x := func(effect float64) float64 { return width/2 + effect/reach*(width/2-margin) }
	b := &bar{Width: width, Middle: width / 2, Effect: x(*r.Effect), Low: x(*r.Effect)}
	if r.Low != nil && r.High != nil {
		b.Low, b.Length = x(*r.Low), max(x(*r.High)-x(*r.Low), 1)
	}
	return b
}

// decided is the decision, or that there is none.
func decided(r bench.Compared) bench.Decision {
	if r.Decision == nil {
		return "undecided"
	}
	return *r.Decision
}

func evidenceWords(c *bench.Comparison) string {
	how := "A and B took their samples in turns on one machine."
	if c.Taken == bench.Separate {
		how = "A and B were measured at different times, which is weaker evidence."
	}
	return fmt.Sprintf("%s Slower and faster mean p under %s, adjusted for the number of benchmarks, and a difference of %g %% at least.",
		how, strconv.FormatFloat(c.Criteria.P, 'f', -1, 64), 100*c.Criteria.Effect)
}

func meanWords(c *bench.Comparison) string {
	if c.GeoMean == nil || c.GeoMeanN < 2 {
		return ""
	}
	return fmt.Sprintf("B takes %.3f times as long as A, the geometric mean of %d benchmarks.", *c.GeoMean, c.GeoMeanN)
}

func medianWords(r bench.ComparedRun) string {
	if r.Median == nil {
		return "–"
	}
	m := newMetric("time", "ms")
	return m.figure(*r.Median)
}

func inPercent(share *float64) string {
	if share == nil {
		return "–"
	}
	return fmt.Sprintf("%+.1f %%", 100**share)
}

func optional(v *float64) string {
	if v == nil {
		return ""
	}
	return figure(*v)
}
