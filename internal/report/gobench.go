package report

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"

	"benchcell/internal/bench"
)

// goReader reads the output of go test -bench, with -json or without. A name that comes again under
// the same configuration is a repetition, as -count and benchstat have it.
type goReader struct {
	*collector
	lines  lines
	config []benchfmt.Config // of the result before
	labels map[string]string // the same, shared by all results under it
	key    string            // of the labels
}

func readGo(r io.Reader, c *collector) error {
	g := &goReader{collector: c}
	line := 0
	events := newGoEvents(r)
	c.at = func() string { return fmt.Sprintf("line %d", events.line(line)) }
	reader := benchfmt.NewReader(io.TeeReader(events, &g.lines), "")
	for reader.Scan() {
		if _, line = reader.Result().Pos(); line > g.lines.n {
			continue // the line has no end: ended says why
		}
		var err error
		switch record := reader.Result().(type) {
		case *benchfmt.Result:
			err = g.result(record)
		case *benchfmt.SyntaxError:
			if !g.lines.excuse(line) {
				err = c.errorf("%s: expected a name, iterations, and figures each with its unit", record.Msg)
			}
		}
		if err != nil {
			return err
		}
	}
	line = g.lines.n + 1
	if err := g.ended(reader.Err()); err != nil {
		return err
	}
	return g.units(reader.Units())
}

// ended checks that the file was whole and notes what failed.
func (g *goReader) ended(err error) error {
	var ours *bench.Error
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.Is(err, errNoEvent):
		return g.errorf("this is no event of go test -json: its JSON can't be read")
	case errors.Is(err, bufio.ErrTooLong):
		return g.errorf("the line has more than %d bytes", bufio.MaxScanTokenSize)
	case err != nil:
		return err
	case g.lines.cut():
		return g.errorf("the file ends within this line: it is cut off").
			WithHint("end it with a line break if it is whole")
	}
	for _, f := range g.lines.failures {
		if err := g.fail(f.Name, f.Message); err != nil {
			return err
		}
	}
	return nil
}

func (g *goReader) result(record *benchfmt.Result) error {
	if err := g.relabel(record); err != nil {
		return err
	}
	if record.Iters < 0 {
		return g.errorf("there are %d iterations: it must be 0 or more", record.Iters)
	}
	r := Result{Name: string(record.Name), Labels: g.labels, Metrics: make([]Metric, 0, 1+len(record.Values))}
	r.Metrics = append(r.Metrics, newMetric("iterations", "", float64(record.Iters)))
	for _, v := range record.Values {
		if v.OrigUnit == "" {
			v.OrigValue, v.OrigUnit = v.Value, v.Unit
		}
		r.Metrics = append(r.Metrics, newMetric(v.OrigUnit, v.OrigUnit, v.OrigValue))
	}
	if err := g.room(len(r.Metrics)); err != nil {
		return err
	}
	return g.put(r, g.key)
}

// relabel keeps the labels as they are while the configuration is the same:
// it is for nearly all lines.
func (g *goReader) relabel(record *benchfmt.Result) error {
	same := len(g.config) == len(record.Config)
	for i := 0; same && i < len(g.config); i++ {
		same = g.config[i].Key == record.Config[i].Key && bytes.Equal(g.config[i].Value, record.Config[i].Value)
	}
	if same {
		return nil
	}
	g.config, g.labels = record.Clone().Config, nil
	for _, c := range g.config {
		set(&g.labels, c.Key, string(c.Value))
	}
	g.key = labelKey(g.labels)
	if err := g.checkLabels(g.labels); err != nil {
		return err
	}
	return g.remarks(len(g.labels))
}

// units applies the Unit lines, which hold for the whole file.
func (g *goReader) units(units benchfmt.UnitMetadataMap) error {
	if len(units) == 0 {
		return nil
	}
	of := map[string][]*benchfmt.UnitMetadata{}
	for key, u := range units {
		of[key.Unit] = append(of[key.Unit], u)
	}
	for i := range g.report.Results {
		for j := range g.report.Results[i].Metrics {
			m := &g.report.Results[i].Metrics[j]
			_, tidy := benchunit.Tidy(math.Pi, m.Unit)
			if err := g.annotate(m, of[tidy]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g *goReader) annotate(m *Metric, notes []*benchfmt.UnitMetadata) error {
	for _, u := range notes {
		if u.Key == "better" && (u.Value == Lower || u.Value == Higher) {
			m.Better = u.Value
			continue
		}
		set(&m.Notes, u.Key, u.Value)
	}
	return g.remarks(len(notes))
}
