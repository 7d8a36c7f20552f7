package report

// measurement reads one run of version 2: figures with their units.
func (w *walker) measurement(r *Result) error {
	i := 0
	return w.object(func(key string) error {
		i++
		return w.figure(r, key, i-1)
	})
}

// figure reads {"value": 1.5, "unit": "second"}, a bare number or a null. The
// hint is where the metric was in the run before.
func (w *walker) figure(r *Result, name string, hint int) error {
	if w.null() {
		return nil
	}
	var x float64
	unit, found := "", false
	read := func(key string) (err error) {
		switch key {
		case "value":
			found = true
			x, err = w.number()
		case "unit":
			unit, err = w.unit()
		default: // figures in a group
			err = w.figure(r, name+"."+key, hint)
		}
		return err
	}
	var err error
	if w.d.PeekKind() == '{' {
		err = w.object(read)
	} else {
		err = read("value")
	}
	if err != nil || !found {
		return err
	}
	m := r.metric(name, unit, hint)
	if m == nil {
		return w.first(r, newMetric(name, unit, x))
	}
	m.Samples = append(m.Samples, x)
	return nil
}

// first adds a metric that no run had before.
func (w *walker) first(r *Result, m Metric) error {
	if len(r.Metrics) == maxEach {
		return w.errorf("a benchmark must have at most %d metrics", maxEach)
	}
	r.Metrics = append(r.Metrics, m)
	return w.text("the name of a metric", m.Name)
}

// unit reads a unit, which hyperfine 2 spells out.
func (w *walker) unit() (string, error) {
	if w.null() {
		return "", nil
	}
	u, err := w.word()
	switch u {
	case "second":
		return "s", err
	case "byte":
		return "B", err
	}
	return u, err
}

// summary reads what hyperfine 2 computed of each metric.
func (w *walker) summary(r *Result) error {
	return w.object(func(name string) error {
		computed := Metric{Name: name}
		err := w.object(func(key string) (err error) {
			if key == "unit" {
				computed.Unit, err = w.unit()
				return err
			}
			return w.stat(&computed, key)
		})
		if err != nil {
			return err
		}
		if m := r.metric(name, computed.Unit, 0); m != nil {
			m.Stats = computed.Stats
			return nil
		}
		computed.Better = better(computed.Unit)
		return w.first(r, computed)
	})
}
