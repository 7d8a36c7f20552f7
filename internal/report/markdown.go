package report

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchunit"
)

// writeMarkdown writes a table of medians for a person to read: in a comment
// on a change, say. The samples are in the other formats.
func writeMarkdown(w io.Writer, r *Report) error {
	out := bufio.NewWriter(w)
	fmt.Fprint(out, "| Benchmark | Metric | Median | 95 % interval | Samples |\n|---|---|--:|--:|--:|\n")
	telling := r.telling()
	for i := range r.Results {
		name := code(r.Results[i].fullName(telling))
		for j := range r.Results[i].Metrics {
			m := &r.Results[i].Metrics[j]
			median, interval := m.summary()
			fmt.Fprintf(out, "| %s | %s | %s | %s | %d |\n", name, code(m.Name), median, interval, len(m.Samples))
		}
	}
	for i, f := range r.Failures {
		if i == 0 {
			fmt.Fprint(out, "\nFailed:\n\n")
		}
		fmt.Fprintf(out, "- %s: %s\n", code(f.Name), code(f.Message))
	}
	return out.Flush()
}

// fullName has the labels that tell results of one name apart.
func (r *Result) fullName(telling func(label string) bool) string {
	var labels []string
	for _, key := range slices.Sorted(maps.Keys(r.Labels)) {
		if telling(key) {
			labels = append(labels, key+"="+r.Labels[key])
		}
	}
	if len(labels) == 0 {
		return r.Name
	}
	return r.Name + " (" + strings.Join(labels, ", ") + ")"
}

// summary words the median and its interval, which there is from six samples on.
func (m *Metric) summary() (median, interval string) {
	value, ok := m.Value()
	switch {
	case !ok:
		return "–", "–"
	case len(m.Samples) > 0:
		return m.scaled(value), m.interval()
	}
	median = m.scaled(value)
	if _, ok := m.Stats["median"]; !ok {
		median += " (mean)"
	}
	return median, "–"
}

func (m *Metric) interval() string {
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(slices.Clone(m.Samples), &benchmath.DefaultThresholds), 0.95)
	if math.IsInf(s.Lo, 0) || math.IsInf(s.Hi, 0) {
		return "–"
	}
	return m.scaled(s.Lo) + " to " + m.scaled(s.Hi)
}

// scaled writes a figure of the metric with the prefix that suits it: 1.5 ms.
func (m *Metric) scaled(x float64) string {
	unit := m.Unit
	if parts, per, ok := inSeconds(unit); ok {
		x, unit = x/parts, "s"+per
	} else {
		x, unit = benchunit.Tidy(x, unit)
	}
	number := benchunit.Scale(x, benchunit.ClassOf(unit))
	digits := strings.TrimRight(number, "TGMkKimµn")
	return strings.TrimSpace(digits + " " + entities(visible(number[len(digits):]+unit)))
}

// code keeps a name of a stranger's from being markup, a link, or a mention
// that notifies somebody. A backtick or a bar ends a code span or a cell, so
// a name that has one is written in entities.
func code(s string) string {
	s = visible(s)
	if strings.TrimSpace(s) == "" {
		return ""
	}
	if strings.ContainsAny(s, "`|") || strings.TrimSpace(s) != s {
		return "<code>" + entities(s) + "</code>"
	}
	return "`" + s + "`"
}

// entities writes all that may be markup as its number.
func entities(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("!\"#$&'()*+:;<=>?@[\\]^_`{|}~", r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
