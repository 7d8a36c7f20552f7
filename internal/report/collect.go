package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"benchcell/internal/bench"
)

// Bounds of a file. They keep what a stranger sends within some 500 MB of
// memory at the very worst, and far from it for anything a tool writes.
const (
	MaxSize    = 64 << 20  // bytes
	MaxMetrics = 100_000   // over all results
	MaxSamples = 4_000_000 // over all metrics
	maxRemarks = 1_000_000 // labels, statistics and notes, over all results
	maxKeys    = 5_000_000 // of JSON objects, kept or not
	maxEach    = 256       // metrics of one result, labels of one result
	maxName    = 4096      // bytes of any name, unit or label
	maxFigure  = 1e150     // its square is finite too, which statistics need
)

// collector checks what a format reads and puts it together.
type collector struct {
	report Report
	at     func() string // the place in the file
	twice  string        // what to do about a name that comes twice; empty: it is a repetition
	byName bool          // repetitions may differ in labels

	index                      map[string]int // of results, by identity
	metrics, samples, remarked int
}

func (c *collector) errorf(format string, args ...any) *bench.Error {
	return bench.Errorf(bench.CodeInvalid, "%s: %w", c.at(), fmt.Errorf(format, args...))
}

// room takes the room for so many more samples.
func (c *collector) room(samples int) error {
	if c.samples += samples; c.samples > MaxSamples {
		return c.errorf("the file has more than %d samples", MaxSamples)
	}
	return nil
}

// remarks takes the room for so many more labels, statistics or notes.
func (c *collector) remarks(n int) error {
	if c.remarked += n; c.remarked > maxRemarks {
		return c.errorf("the file has more than %d labels and statistics", maxRemarks)
	}
	return nil
}

// text checks a name, a unit or a label.
func (c *collector) text(what, s string) error {
	if len(s) > maxName {
		return c.errorf("%s has %d bytes: it must have at most %d", what, len(s), maxName)
	}
	if !utf8.ValidString(s) {
		return c.errorf("%s %.100q is not UTF-8", what, s)
	}
	return nil
}

// fail records what the tool says did not run.
func (c *collector) fail(name, message string) error {
	if len(c.report.Failures) == MaxMetrics {
		return c.errorf("the file has more than %d failures", MaxMetrics)
	}
	if len(message) > maxName {
		message = strings.ToValidUTF8(message[:maxName], "")
	}
	c.report.Failures = append(c.report.Failures, Failure{name, message})
	return c.text("the name of what failed", name)
}

// add takes one result, or one repetition of it.
func (c *collector) add(r Result) error {
	if err := c.checkLabels(r.Labels); err != nil {
		return err
	}
	labels := ""
	if !c.byName {
		labels = labelKey(r.Labels)
	}
	return c.put(r, labels)
}

// put is add for labels that were checked.
func (c *collector) put(r Result, labels string) error {
	if err := c.check(&r); err != nil {
		return err
	}
	key := r.Name + labels
	known, ok := c.index[key]
	if ok && c.twice != "" {
		return c.errorf("the benchmark %.100q stands twice: %s", r.Name, c.twice)
	}
	if ok {
		return c.merge(&c.report.Results[known], &r)
	}
	c.index[key] = len(c.report.Results)
	c.report.Results = append(c.report.Results, r)
	return c.count(len(r.Metrics))
}

func (c *collector) count(metrics int) error {
	if c.metrics += metrics; c.metrics > MaxMetrics {
		return c.errorf("the file has more than %d metrics", MaxMetrics)
	}
	return nil
}

// labelKey tells sets of labels apart: no label holds a 0xff.
func labelKey(labels map[string]string) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		b.WriteString("\xff" + key + "\xff" + labels[key])
	}
	return b.String()
}

// merge adds a repetition to a result.
func (c *collector) merge(into, r *Result) error {
	for i := range r.Metrics {
		m := &r.Metrics[i]
		known := into.metric(m.Name, m.Unit, i)
		if known == nil {
			if err := c.count(1); err != nil {
				return err
			}
			into.Metrics = append(into.Metrics, *m)
			continue
		}
		known.Samples = append(known.Samples, m.Samples...)
		for name, value := range m.Stats {
			if before, twice := known.Stats[name]; twice && before != value {
				return c.errorf("the %s of %q of %.100q stands twice", name, m.Name, r.Name)
			}
			set(&known.Stats, name, value)
		}
	}
	if len(into.Metrics) > maxEach {
		return c.errorf("the benchmark %.100q has more than %d metrics", r.Name, maxEach)
	}
	return c.mergeLabels(into, r.Labels)
}

// mergeLabels keeps what repetitions say differently under a number.
func (c *collector) mergeLabels(into *Result, labels map[string]string) error {
	if !c.byName {
		return nil // the same, or they would be two results
	}
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		name := key
		for n := 2; ; n++ {
			value, taken := into.Labels[name]
			if !taken {
				set(&into.Labels, name, labels[key])
			}
			if !taken || value == labels[key] {
				break
			}
			name = key + "." + strconv.Itoa(n)
		}
	}
	if len(into.Labels) > maxEach {
		return c.errorf("the benchmark %.100q has more than %d labels", into.Name, maxEach)
	}
	return nil
}

// set makes the map that it needs.
func set[V any](m *map[string]V, key string, value V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = value
}

// finite says what is wrong with a figure.
func finite(x float64) error {
	if !(math.Abs(x) <= maxFigure) {
		return fmt.Errorf("is %v: it must be finite and at most %v", x, maxFigure)
	}
	return nil
}
