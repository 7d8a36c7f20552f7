package report

import (
	"math"
	"slices"

	"golang.org/x/perf/benchfmt"
)

// column is a metric as the Go benchmark format has it.
type column struct {
	*Metric
	unit  string
	parts float64 // by which its figures are divided
	count bool    // the iterations of the line
}

func (b *benchWriter) result(r *Result) error {
	columns, n := b.columns(r)
	line := benchfmt.Result{}
	line.Config, line.Name = b.configuration(r)
	for i := range n {
		line.Iters, line.Values = 1, line.Values[:0]
		for _, c := range columns {
			x, ok := c.sample(i)
			if ok && c.count {
				line.Iters = int(x)
			} else if ok {
				line.Values = append(line.Values, benchfmt.Value{Value: x / c.parts, Unit: c.unit})
			}
		}
		if len(line.Values) == 0 { // the format has no line without
			continue
		}
		if err := b.Write(&line); err != nil {
			return err
		}
	}
	return nil
}

// columns also returns how many samples the longest has.
func (b *benchWriter) columns(r *Result) (columns []column, n int) {
	taken := map[string]bool{}
	for i := range r.Metrics {
		c := column{Metric: &r.Metrics[i]}
		if n = max(n, len(c.Samples), 1); c.isCount() {
			c.count = true
		} else {
			c.unit, c.parts = b.unit(c.Metric)
			c.unit = free(taken, c.unit)
			taken[c.unit] = true
		}
		columns = append(columns, c)
	}
	return columns, n
}

// sample is the i-th, or the value of a metric without samples as its only one.
func (m *Metric) sample(i int) (float64, bool) {
	if i < len(m.Samples) {
		return m.Samples[i], true
	}
	if i > 0 || len(m.Samples) > 0 {
		return 0, false
	}
	return m.Value()
}

// isCount says whether a metric is the iterations of the format, as newMetric
// makes them of each line.
func (m *Metric) isCount() bool {
	return m.Name == "iterations" && m.Unit == "" && len(m.Samples) > 0 &&
		!slices.ContainsFunc(m.Samples, func(x float64) bool {
			return x != math.Trunc(x) || x < 0 || x > math.MaxInt32
		})
}

// unit is the unit under which a metric is written, and by what its figures
// are divided. Go's units name the metric too; so do ours then, and times are
// in seconds, the only ones that benchstat scales.
func (b *benchWriter) unit(m *Metric) (unit string, parts float64) {
	if m.Unit == m.Name || m.Unit == "" {
		return b.field(m.Name), 1
	}
	if parts, per, ok := inSeconds(m.Unit); ok {
		return b.field(m.Name + "-sec" + per), parts
	}
	return b.field(m.Name + "-" + m.Unit), 1
}
