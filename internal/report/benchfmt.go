package report

import (
	"cmp"
	"io"
	"maps"
	"slices"

	"golang.org/x/perf/benchfmt"
)

// writeBenchfmt writes what benchstat and its kin read. A line holds one sample
// of each metric. Of a metric that has statistics only there is one line, with
// its Value. Context is left out: benchstat compares nothing across files
// whose configuration differs, and a date always does.
func writeBenchfmt(w io.Writer, r *Report) error {
	b := &benchWriter{Writer: benchfmt.NewWriter(w), field: field, place: places(r)}
	if r.Format == Go { // its names are fields already
		b.field = func(s string) string { return s }
	}
	for _, u := range b.units(r) {
		if err := b.Write(&u); err != nil {
			return err
		}
	}
	for i := range r.Results {
		if err := b.result(&r.Results[i]); err != nil {
			return err
		}
	}
	return nil
}

// benchWriter writes one report.
type benchWriter struct {
	*benchfmt.Writer
	field func(s string) string    // makes a field of a name
	place func(label string) place // where a label goes
}

// units are what has to be said of units: directions that they don't imply,
// and for Go what its own Unit lines said. What two metrics of a unit see
// differently is left out.
func (b *benchWriter) units(r *Report) []benchfmt.UnitMetadata {
	said := map[benchfmt.UnitMetadataKey]string{}
	say := func(unit, key, value string) {
		k := benchfmt.UnitMetadataKey{Unit: unit, Key: key}
		if before, ok := said[k]; ok && before != value {
			value = ""
		}
		said[k] = value
	}
	for i := range r.Results {
		for _, m := range r.Results[i].Metrics {
			unit, _ := b.unit(&m)
			if m.Better == better(unit) {
				m.Better = ""
			}
			say(unit, "better", m.Better)
			for key, note := range m.Notes {
				if r.Format == Go {
					say(unit, key, note)
				}
			}
		}
	}
	maps.DeleteFunc(said, func(_ benchfmt.UnitMetadataKey, value string) bool { return value == "" })
	keys := slices.SortedFunc(maps.Keys(said), func(a, b benchfmt.UnitMetadataKey) int {
		return cmp.Or(cmp.Compare(a.Unit, b.Unit), cmp.Compare(a.Key, b.Key))
	})
	var lines []benchfmt.UnitMetadata
	for _, k := range keys {
		lines = append(lines, benchfmt.UnitMetadata{UnitMetadataKey: k, OrigUnit: k.Unit, Value: said[k]})
	}
	return lines
}
