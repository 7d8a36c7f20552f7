package report

import "slices"

// benchcell reads our own format. Unlike the files of other tools, where what
// is new is kept as it comes, an unknown key here is a mistake of whoever wrote
// the file, and named.
func (w *walker) benchcell() error {
	w.twice = "put all its samples into one result"
	versioned := false
	return w.object(func(key string) error {
		if key == "benchcell" {
			versioned = true
			return w.version()
		}
		if !versioned {
			return w.errorf(`"benchcell": 1 must come first, so that it is known how to read the rest`)
		}
		switch key {
		case "format":
			return w.source()
		case "context":
			return w.words(&w.report.Context)
		case "results":
			return w.list(w.result)
		case "failures":
			return w.list(w.failure)
		}
		return w.errorf("this key is not one of benchcell, format, context, results, failures")
	})
}

func (w *walker) version() error {
	v, err := w.number()
	if err == nil && v != 1 {
		err = w.errorf("it is version %v: this server reads 1", v)
	}
	return err
}

// source keeps where the figures came from before they were written by us.
func (w *walker) source() error {
	s, err := w.word()
	if err == nil && s != Runs && !slices.Contains(Formats, s) {
		err = w.errorf("%.100q is no format that is known here", s)
	}
	w.report.Format = s
	return err
}

func (w *walker) result() error {
	var r Result
	err := w.object(func(key string) (err error) {
		switch key {
		case "name":
			r.Name, err = w.word()
		case "labels":
			err = w.words(&r.Labels)
		case "metrics":
			err = w.list(func() error { return w.metric(&r) })
		default:
			err = w.errorf("this key is not one of name, labels, metrics")
		}
		return err
	})
	if err != nil {
		return err
	}
	return w.add(r)
}

func (w *walker) metric(r *Result) error {
	if len(r.Metrics) == maxEach {
		return w.errorf("a benchmark must have at most %d metrics", maxEach)
	}
	var m Metric
	stated := false
	err := w.object(func(key string) (err error) {
		switch key {
		case "name":
			m.Name, err = w.word()
		case "unit":
			m.Unit, err = w.word()
		case "better":
			stated = true
			m.Better, err = w.word()
		case "samples":
			m.Samples, err = w.numbers()
		case "stats":
			err = w.stats(&m)
		case "notes":
			err = w.words(&m.Notes)
		default:
			err = w.errorf("this key is not one of name, unit, better, samples, stats, notes")
		}
		return err
	})
	if m.Name == "" {
		m.Name = m.Unit
	}
	if !stated {
		m.Better = better(m.Unit)
	}
	r.Metrics = append(r.Metrics, m)
	return err
}

func (w *walker) stats(m *Metric) error {
	return w.object(func(key string) error {
		return w.stat(m, key)
	})
}

// words are names with texts.
func (w *walker) words(into *map[string]string) error {
	return w.object(func(key string) error {
		s, err := w.word()
		if err != nil {
			return err
		}
		return w.label(into, key, s)
	})
}

func (w *walker) failure() error {
	var f Failure
	err := w.object(func(key string) (err error) {
		switch key {
		case "name":
			f.Name, err = w.word()
		case "message":
			f.Message, err = w.word()
		default:
			err = w.errorf("this key is not one of name, message")
		}
		return err
	})
	if err != nil {
		return err
	}
	return w.fail(f.Name, f.Message)
}
