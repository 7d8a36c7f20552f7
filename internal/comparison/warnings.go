package comparison

import (
	"fmt"
	"slices"
	"strings"

	"benchcell/internal/bench"
)

// The codes of warnings, and what they say of the benchmarks that they are about.
var doubts = []struct {
	code    string
	applies func(Pair) bool
	message string
}{
	{
		"not_ok", func(p Pair) bool { return p.finished() && (!p.A.ok() || !p.B.ok()) },
		"A or B did not end well, so nothing is said: %s.",
	},
	{
		"samples_gone", func(p Pair) bool { return p.A.gone() || p.B.gone() },
		"The samples were given up for newer ones, so nothing is said: %s. Raise retention.samples.",
	},
	{
		"no_ratio", func(p Pair) bool { return p.A.hasZero() || p.B.hasZero() },
		"A sample took no time, so B can't be said to take longer by a share: %s.",
	},
	{
		"samples_left_out", func(p Pair) bool { return max(p.A.Run.Time.N, p.B.Run.Time.N) > mostSamples },
		fmt.Sprintf("Only the first %d samples are compared: %%s.", mostSamples),
	},
	{
		"different_machine", func(p Pair) bool { return differ(p.A.Run.Machine, p.B.Run.Machine) },
		"A and B ran on different machines, which may be all the difference: %s.",
	},
	{
		"different_isolation", func(p Pair) bool { return p.A.isolation() != p.B.isolation() },
		"A and B ran under different isolations, which may be all the difference: %s.",
	},
	{
		"different_definition", func(p Pair) bool { return !p.interleaved() && p.A.Run.Definition != p.B.Run.Definition },
		"A and B are not the same program with the same input, files and limits: %s.",
	},
	{
		"different_clock", func(p Pair) bool { return differ(p.A.Run.Time.Source, p.B.Run.Time.Source) },
		"One was timed by the runner and the other by the program itself: %s.",
	},
	{
		"separate", func(p Pair) bool { return !p.interleaved() },
		"The samples of A and B were taken at different times, so that a change of the machine looks like one of the program: %s. " +
			"Compare the benchmarks themselves to have them take turns.",
	},
}

// mostNamed benchmarks are listed by a warning.
const mostNamed = 10

// warnings of all pairs, one of each kind.
func warnings(pairs []Pair) []bench.Warning {
	list := []bench.Warning{}
	for _, d := range doubts {
		var names []string
		for _, p := range pairs {
			if d.applies(p) {
				names = append(names, p.A.Run.Slug)
			}
		}
		if n := len(names); n > mostNamed {
			names = append(names[:mostNamed], fmt.Sprintf("and %d more", n-mostNamed))
		}
		if len(names) > 0 {
			list = append(list, bench.Warning{Code: d.code, Message: fmt.Sprintf(d.message, strings.Join(names, ", "))})
		}
	}
	return list
}

func differ(a, b *string) bool { return a != nil && b != nil && *a != *b }

func (p Pair) finished() bool {
	return p.A.Run.State == bench.Finished && p.B.Run.State == bench.Finished
}

func (s Side) gone() bool { return s.ok() && len(s.times()) < s.n() }

func (s Side) hasZero() bool { return slices.Contains(s.times(), 0) }
