package report

import "strconv"

// google reads the JSON of Google Benchmark. A name that comes again with
// another repetition_index is a repetition; with the same one it is another
// benchmark of the same name, whose figures must not be mixed with the first.
func (w *walker) google() error {
	w.byName = true // its label may differ from repetition to repetition
	seen := map[string]bool{}
	return w.object(func(key string) error {
		if key == "benchmarks" {
			return w.list(func() error { return w.entry(seen) })
		}
		if key == "context" {
			key = ""
		}
		return w.labels(&w.report.Context, key)
	})
}

// entry is one object of the list: a repetition, or a statistic over them.
type entry struct {
	Result
	name, kind, repetition       string
	statistic, timeUnit, failure string
}

func (w *walker) entry(seen map[string]bool) error {
	var e entry
	if err := w.object(func(key string) error { return w.field(&e, key) }); err != nil {
		return err
	}
	if e.Name == "" {
		e.Name = e.name
	}
	if key := e.Name + "\xff" + e.statistic + "\xff" + e.repetition; seen[key] {
		return w.errorf("%.100q stands twice as the same repetition: give each benchmark a name of its own", e.Name)
	} else {
		seen[key] = true
	}
	if e.failure != "" {
		return w.fail(e.Name, e.failure)
	}
	switch e.kind {
	case "iteration":
		e.finish()
	case "aggregate":
		e.summarise()
	default:
		return w.errorf("run_type is %.100q: expected iteration or aggregate, as Google Benchmark 1.5 and newer write", e.kind)
	}
	return w.add(e.Result)
}

func (w *walker) field(e *entry, key string) (err error) {
	switch key {
	case "name": // run_name and the statistic
		e.name, err = w.word()
	case "run_name":
		e.Name, err = w.word()
	case "run_type":
		e.kind, err = w.word()
	case "aggregate_name":
		e.statistic, err = w.word()
	case "time_unit":
		e.timeUnit, err = w.word()
	case "error_message", "skip_message":
		e.failure, err = w.word()
	case "repetition_index":
		var n float64
		n, err = w.number()
		e.repetition = strconv.FormatFloat(n, 'g', -1, 64)
	case "threads":
		return w.labels(&e.Labels, key)
	case "family_index", "per_family_instance_index", "repetitions",
		"aggregate_unit", "error_occurred", "skipped":
		err = w.skip() // says where in the file it is, or what the rest says too
	default:
		if len(e.Metrics) > maxEach {
			return w.errorf("a benchmark must have at most %d metrics", maxEach)
		}
		err = w.other(&e.Result, key)
	}
	return err
}

// finish gives the figures of a repetition their units.
func (e *entry) finish() {
	units := map[string]string{
		"real_time": e.timeUnit, "cpu_time": e.timeUnit, "real_coefficient": e.timeUnit, "cpu_coefficient": e.timeUnit,
		"bytes_per_second": "B/s", "items_per_second": "items/s", "max_bytes_used": "B", "total_allocated_bytes": "B",
	}
	for i := range e.Metrics {
		m := &e.Metrics[i]
		if unit := units[m.Name]; unit != "" {
			*m = newMetric(m.Name, unit, m.Samples...)
		}
	}
}

// summarise makes statistics of the figures of an aggregate: what was computed
// is no sample. Where the unit is a percentage they are shares: 0.02 is 2 %.
func (e *entry) summarise() {
	e.finish()
	figures := e.Metrics
	e.Metrics = nil
	n := 0.0
	for _, m := range figures {
		if m.Name == "iterations" { // of an aggregate: how many repetitions it is of
			n = m.Samples[0]
			continue
		}
		m.Stats, m.Samples = map[string]float64{e.statistic: m.Samples[0]}, nil
		e.Metrics = append(e.Metrics, m)
	}
	for i := range e.Metrics {
		if n > 0 {
			e.Metrics[i].Stats["n"] = n
		}
	}
}
