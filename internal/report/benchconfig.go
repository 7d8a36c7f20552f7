package report

import (
	"maps"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/perf/benchfmt"
)

// place is where the Go benchmark format has a label.
type place int

const (
	nowhere  place = iota
	inConfig       // a line of its own, of which benchstat makes tables
	inName         // as /key=value
)

// places finds the place of each label: in the configuration what go test
// prints there, and of other tools what all results share. What tells results
// of one name apart goes into the name. The rest is nowhere: it would put each
// result into a table of its own, or keep it from being found in another file.
func places(r *Report) func(label string) place {
	shared, telling := r.shared(), r.telling()
	return func(label string) place {
		switch {
		case r.Format == Go || shared[label]:
			return inConfig
		case telling(label):
			return inName
		}
		return nowhere
	}
}

// usual is the order in which go test prints its configuration.
var usual = []string{"goos", "goarch", "pkg", "cpu"}

// configuration divides the labels into lines of configuration and /key=value
// in the name, which is how the format names what varies.
func (b *benchWriter) configuration(r *Result) ([]benchfmt.Config, benchfmt.Name) {
	name := b.field(r.Name)
	var config []benchfmt.Config
	taken := map[string]bool{}
	sorted := slices.Sorted(maps.Keys(r.Labels))
	slices.SortStableFunc(sorted, func(a, b string) int { return rank(a) - rank(b) })
	for _, label := range sorted {
		value := r.Labels[label]
		key := free(taken, configKey(label))
		taken[key] = true
		if value == "" { // the format has no such label
			continue
		}
		switch b.place(label) {
		case nowhere:
		case inConfig:
			config = append(config, benchfmt.Config{Key: key, Value: []byte(configValue(value)), File: true})
		case inName:
			name += "/" + key + "=" + percent(value, func(r rune) bool { return unicode.IsSpace(r) || r == '/' })
		}
	}
	return config, benchfmt.Name(name)
}

func rank(key string) int {
	if i := slices.Index(usual, key); i >= 0 {
		return i
	}
	return len(usual)
}

// configKey makes a key of a label: small letters first, no space and no colon.
func configKey(label string) string {
	key := strings.Map(func(r rune) rune {
		if r == ':' || r == '=' || r == '/' || unicode.IsSpace(r) || unicode.IsControl(r) || unicode.IsUpper(unicode.ToLower(r)) {
			return '-'
		}
		return unicode.ToLower(r)
	}, label)
	if first := []rune(key)[0]; !unicode.IsLower(first) {
		key = "x-" + key
	}
	return key
}

// configValue keeps spaces but those at the start, which the format drops.
func configValue(value string) string {
	trimmed := strings.TrimLeft(value, " \t")
	return field(value[:len(value)-len(trimmed)]) + percent(trimmed, func(rune) bool { return false })
}
