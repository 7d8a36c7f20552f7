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
	low, high, ok := m.bounds()
	if !ok {
		return "–"
	}
	return m.scaled(low) + " to " + m.scaled(high)
}

// bounds is the 95 % interval of the samples' median; not ok if they are too few.
func (m *Metric) bounds() (low, high float64, ok bool) {
	if len(m.Samples) == 0 {
		return 0, 0, false
	}
	s := benchmath.AssumeNothing.Summary(benchmath.NewSample(slices.Clone(m.Samples), &benchmath.DefaultThresholds), 0.95)
	return s.Lo, s.Hi, !math.IsInf(s.Lo, 0) && !math.IsInf(s.Hi, 0)
}

// scaled writes a figure of the metric for Markdown, which units may not be.
func (m *Metric) scaled(x float64) string {
	digits, unit := m.scale(x)
	return strings.TrimSpace(digits + " " + entities(unit))
}

// figure writes a figure of the metric as plain text.
func (m *Metric) figure(x float64) string {
	digits, unit := m.scale(x)
	return strings.TrimSpace(digits + " " + unit)
}

// scale finds the prefix that suits a figure: 1.5 ms.
func (m *Metric) scale(x float64) (digits, prefixed string) {
	unit := m.Unit
	if parts, per, ok := inSeconds(unit); ok {
		x, unit = x/parts, "s"+per
	} else {
		x, unit = benchunit.Tidy(x, unit)
	}
	number := benchunit.Scale(x, benchunit.ClassOf(unit))
	digits = strings.TrimRight(number, "TGMkKimµn")
	return digits, visible(number[len(digits):] + unit)
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
