package report

// pytest reads the JSON of pytest-benchmark. A test that comes twice is
// refused: repetitions are rounds, within one entry.
func (w *walker) pytest() error {
	w.twice = "each test must have an id of its own"
	return w.object(func(key string) error {
		if key == "benchmarks" {
			return w.list(w.test)
		}
		return w.labels(&w.report.Context, key)
	})
}

func (w *walker) test() error {
	var r Result
	name := ""
	err := w.object(func(key string) (err error) {
		switch key {
		case "fullname": // name alone is not unique over files
			r.Name, err = w.word()
		case "name":
			name, err = w.word()
		case "stats":
			err = w.testStats(&r)
		case "cprofile": // a profile, no result
			err = w.skip()
		default: // group, param, params, extra_info, options
			err = w.labels(&r.Labels, key)
		}
		return err
	})
	if err != nil {
		return err
	}
	if r.Name == "" {
		r.Name = name
	}
	return w.add(r)
}

// testStats reads the times of a test, in seconds per call, and what was
// computed of them. Files saved without --benchmark-save-data have no times.
func (w *walker) testStats(r *Result) error {
	times := newMetric("time", "s")
	err := w.object(func(key string) (err error) {
		switch key {
		case "data":
			times.Samples, err = w.numbers()
		case "ops":
			rate := newMetric("ops", "ops/s")
			if err = w.stat(&rate, "mean"); len(rate.Stats) > 0 {
				r.Metrics = append(r.Metrics, rate)
			}
		case "outliers": // "1;2": by deviation; by quartiles
			return w.labels(&times.Notes, key)
		default:
			err = w.stat(&times, key)
		}
		return err
	})
	r.Metrics = append([]Metric{times}, r.Metrics...)
	return err
}
