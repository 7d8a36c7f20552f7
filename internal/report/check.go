package report

import (
	"fmt"
	"maps"
	"slices"
)

// check refuses a result that can't be true, its labels left out.
func (c *collector) check(r *Result) error {
	if r.Name == "" {
		return c.errorf("the benchmark has no name")
	}
	if err := c.text("the name of the benchmark", r.Name); err != nil {
		return err
	}
	if len(r.Metrics) == 0 {
		return c.errorf("the benchmark %.100q has no metric", r.Name)
	}
	if len(r.Metrics) > maxEach {
		return c.errorf("the benchmark %.100q has more than %d metrics", r.Name, maxEach)
	}
	for i := range r.Metrics {
		m := &r.Metrics[i]
		if first := r.metric(m.Name, m.Unit, 0); first != m {
			return c.errorf("the metric %.100q of %.100q stands twice", m.Name, r.Name)
		}
		if err := c.checkMetric(m); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) checkLabels(labels map[string]string) error {
	if len(labels) > maxEach {
		return c.errorf("there are %d labels: a benchmark must have at most %d", len(labels), maxEach)
	}
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		if key == "" {
			return c.errorf("a label has no name")
		}
		if err := c.text("the name of a label", key); err != nil {
			return err
		}
		if err := c.text("the label "+key, labels[key]); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) checkMetric(m *Metric) error {
	if m.Name == "" {
		return c.errorf("a metric has neither name nor unit")
	}
	if err := c.text("the name of a metric", m.Name); err != nil {
		return err
	}
	if err := c.text("the unit of a metric", m.Unit); err != nil {
		return err
	}
	if m.Better != "" && m.Better != Lower && m.Better != Higher {
		return c.errorf("better of %q is %.100q: it must be lower, higher or left out", m.Name, m.Better)
	}
	if len(m.Samples) == 0 && len(m.Stats) == 0 {
		return c.errorf("the metric %q has neither samples nor statistics", m.Name)
	}
	for i, x := range m.Samples {
		if err := m.possible(x); err != nil {
			return c.errorf("samples[%d] of %q %w", i, m.Name, err)
		}
	}
	if len(m.Stats) == 0 {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(m.Stats)) {
		if err := m.possibleStat(name); err != nil {
			return c.errorf("%.100s of %q %w", name, m.Name, err)
		}
	}
	return nil
}

// possible says what is wrong with a measured figure.
func (m *Metric) possible(x float64) error {
	if _, _, isTime := inSeconds(m.Unit); isTime && x < 0 {
		return fmt.Errorf("is %v %s: a time must not be below 0", x, m.Unit)
	}
	return finite(x)
}

// possibleStat knows that a statistic is in the unit of its metric only where
// it is a place among the samples: a skew may be below 0.
func (m *Metric) possibleStat(name string) error {
	switch name {
	case "mean", "median", "min", "max":
		return m.possible(m.Stats[name])
	}
	return finite(m.Stats[name])
}
