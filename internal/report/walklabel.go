package report

import "strconv"

// labels puts a JSON value into labels: what is inside an object or a list gets
// the name a.b or a[0]. What is null or empty says nothing. Without a name
// there must be an object.
func (w *walker) labels(into *map[string]string, name string) error {
	if err := w.text("the key", name); err != nil {
		return err
	}
	switch kind := w.d.PeekKind(); {
	case kind == '{' || name == "":
		return w.object(func(key string) error {
			if name != "" {
				key = name + "." + key
			}
			return w.labels(into, key)
		})
	case kind == '[':
		i := -1
		return w.list(func() error {
			i++
			return w.labels(into, name+"["+strconv.Itoa(i)+"]")
		})
	}
	t, err := w.token()
	if err != nil || t.Kind() == 'n' || t.String() == "" {
		return err
	}
	return w.label(into, name, t.String())
}

func (w *walker) label(into *map[string]string, name, value string) error {
	if name == "" {
		return w.errorf("the key is empty")
	}
	if _, twice := (*into)[name]; twice {
		return w.errorf("%q stands twice", name)
	}
	set(into, name, value)
	if err := w.text("the text", value); err != nil {
		return err
	}
	return w.remarks(1)
}

// other takes a field that a format does not name, so that what a tool adds is
// not lost: numbers are a metric, all else is labels.
func (w *walker) other(r *Result, key string) error {
	kind := w.d.PeekKind()
	if kind == '[' {
		return w.otherList(r, key)
	}
	if kind != '0' {
		return w.labels(&r.Labels, key)
	}
	x, err := w.number()
	r.Metrics = append(r.Metrics, newMetric(key, "", x))
	return err
}

func (w *walker) otherList(r *Result, key string) error {
	m, i := newMetric(key, ""), -1
	err := w.list(func() error {
		if i++; w.d.PeekKind() != '0' {
			return w.labels(&r.Labels, key+"["+strconv.Itoa(i)+"]")
		}
		x, err := w.number()
		m.Samples = append(m.Samples, x)
		return err
	})
	r.keep(m)
	return err
}
