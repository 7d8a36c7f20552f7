package report

// hyperfine reads the export of hyperfine, of version 1 (lists of times) and of
// version 2 (a list of measurements). The same command twice is refused, since
// each has its own preparation and its own statistics: they are two benchmarks.
func (w *walker) hyperfine() error {
	w.twice = "give each command a name of its own with --command-name"
	return w.object(func(key string) error {
		if key == "results" {
			return w.list(w.command)
		}
		return w.labels(&w.report.Context, key)
	})
}

func (w *walker) command() error {
	var r Result
	name, command := "", ""
	times := Metric{Name: "time", Unit: "s", Better: Lower} // of version 1, which spreads it over the object
	err := w.object(func(key string) (err error) {
		switch key {
		case "command":
			command, err = w.word()
		case "name":
			name, err = w.word()
		case "mean", "stddev", "median", "min", "max":
			err = w.stat(&times, key)
		case "times":
			times.Samples, err = w.numbers()
		case "user", "system":
			m := newMetric(key, "s")
			if err = w.stat(&m, "mean"); len(m.Stats) > 0 {
				r.Metrics = append(r.Metrics, m)
			}
		case "memory_usage_byte":
			err = w.samples(&r, "memory", "B")
		case "exit_codes":
			err = w.samples(&r, "exit_code", "")
		case "measurements":
			err = w.list(func() error { return w.measurement(&r) })
		case "summary":
			err = w.summary(&r)
		case "parameters":
			err = w.labels(&r.Labels, "")
		default:
			err = w.other(&r, key)
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(times.Samples)+len(times.Stats) > 0 {
		r.Metrics = append([]Metric{times}, r.Metrics...)
	}
	if r.Name = command; name != "" { // of version 2, beside the command
		r.Name = name
		if _, taken := r.Labels["command"]; !taken && name != command {
			set(&r.Labels, "command", command)
		}
	}
	return w.add(r)
}

// stat reads one statistic, which may be null: the deviation of a single run.
func (w *walker) stat(m *Metric, name string) error {
	if w.null() {
		return nil
	}
	x, err := w.number()
	if err != nil {
		return err
	}
	set(&m.Stats, name, x)
	return w.remarks(1)
}

// samples reads a list with a null for each run that has no figure, such as the
// exit code of a command that a signal ended.
func (w *walker) samples(r *Result, name, unit string) error {
	m := newMetric(name, unit)
	err := w.list(func() error {
		if w.null() {
			return nil
		}
		x, err := w.number()
		m.Samples = append(m.Samples, x)
		return err
	})
	r.keep(m)
	return err
}
