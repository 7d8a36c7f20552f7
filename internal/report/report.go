package report

import (
	"math"
	"slices"
)

// Report is what one file of a benchmark tool says. Its JSON is the format
// "benchcell", so that a Report that is written and read is the same.
type Report struct {
	Version  int               `json:"benchcell"` // of the format: 1
	Format   string            `json:"format"`    // where the figures come from: one of Formats, or Runs
	Context  map[string]string `json:"context,omitempty"`
	Results  []Result          `json:"results"`
	Failures []Failure         `json:"failures,omitempty"`
}

// Result is one benchmark. Name and labels together are its identity. Labels
// may be shared between results: don't change them.
type Result struct {
	Name    string            `json:"name"`
	Labels  map[string]string `json:"labels,omitempty"`
	Metrics []Metric          `json:"metrics"`
}

// Metric is one measured quantity of a benchmark, known by its name and unit.
type Metric struct {
	Name    string             `json:"name"`
	Unit    string             `json:"unit,omitempty"`
	Better  string             `json:"better"`            // Lower, Higher, or empty: neither
	Samples []float64          `json:"samples,omitempty"` // in run order
	Stats   map[string]float64 `json:"stats,omitempty"`   // what the tool computed itself
	Notes   map[string]string  `json:"notes,omitempty"`   // what else it says of this metric
}

// Directions of a metric.
const (
	Lower  = "lower"
	Higher = "higher"
)

// Failure is a benchmark, or a package of them, that the tool says did not run
// to its end. It has no figures.
type Failure struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Value is the metric in one number: the median of its samples, or else what
// the tool gives as median or mean. Not ok if there is neither.
func (m *Metric) Value() (value float64, ok bool) {
	if n := len(m.Samples); n > 0 {
		sorted := slices.Sorted(slices.Values(m.Samples))
		return sorted[(n-1)/2]/2 + sorted[n/2]/2, true
	}
	for _, name := range []string{"median", "mean"} {
		if value, ok = m.Stats[name]; ok {
			return value, true
		}
	}
	return math.NaN(), false
}

// keep adds a metric that has samples.
func (r *Result) keep(m Metric) {
	if len(m.Samples) > 0 {
		r.Metrics = append(r.Metrics, m)
	}
}

// metric finds a metric by name and unit. The hint is where it was in the last
// result, which is where it mostly is.
func (r *Result) metric(name, unit string, hint int) *Metric {
	if hint < len(r.Metrics) && r.Metrics[hint].Name == name && r.Metrics[hint].Unit == unit {
		return &r.Metrics[hint]
	}
	for i := range r.Metrics {
		if r.Metrics[i].Name == name && r.Metrics[i].Unit == unit {
			return &r.Metrics[i]
		}
	}
	return nil
}
