package comparison

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// side is a finished run of n samples around some time, in a pattern of 1 % noise.
func side(id string, n int, ms float64, change func(*Side)) Side {
	s := Side{Run: &bench.Run{ID: id, Slug: "sort", State: bench.Finished, Definition: "d", Isolation: bench.RunIsolation{Requested: bench.Process}}}
	verdict, machine, source := bench.OK, "host", bench.TimeByRunner
	s.Run.Verdict, s.Run.Machine, s.Run.Time = &verdict, &machine, bench.Time{N: n, Median: &ms, Source: &source}
	s.Samples = []bench.Sample{{Warmup: true, Wall: 1e6}}
	r := rand.New(rand.NewPCG(uint64(len(id)), uint64(n)))
	for range n {
		s.Samples = append(s.Samples, bench.Sample{Wall: ms * math.Exp(0.01*r.NormFloat64())})
	}
	if change != nil {
		change(&s)
	}
	return s
}

// paired says that two were taken in turns.
func paired(a, b Side) Pair {
	bench.PairRuns(a.Run, b.Run)
	return Pair{a, b}
}

func TestDecisions(t *testing.T) {
	for _, c := range []struct {
		name string
		pair Pair
		want bench.Decision
	}{
		{"slower", paired(side("a", 30, 100, nil), side("bb", 30, 110, nil)), bench.Slower},
		{"faster", paired(side("a", 30, 100, nil), side("bb", 30, 90, nil)), bench.Faster},
		{"the same", paired(side("a", 30, 100, nil), side("bb", 30, 100, nil)), bench.NoDifference},
		{"certain and small", paired(side("a", 30, 100, nil), side("bb", 30, 102, nil)), bench.NoDifference},
		{"few", paired(side("a", 5, 100, nil), side("bb", 5, 200, nil)), bench.TooFew},
		{"apart", Pair{side("a", 30, 100, nil), side("bb", 40, 110, nil)}, bench.Slower},
	} {
		got := Judge([]Pair{c.pair})
		r := got.Results[0]
		if r.Decision == nil || *r.Decision != c.want {
			t.Errorf("%s: %+v", c.name, r)
			continue
		}
		if r.A.Run != "a" || r.B.Run != "bb" || *r.P != *r.Adjusted || got.GeoMeanN != 1 || math.Abs(*got.GeoMean-1-*r.Effect) > 1e-12 {
			t.Errorf("%s: %+v, %+v", c.name, got, r)
		}
		if few := c.want == bench.TooFew; (r.Low == nil) != few || (r.Detectable == nil) != few || (!few && (*r.Low > *r.Effect || *r.High < *r.Effect)) {
			t.Errorf("%s: %v to %v, detectable %v", c.name, r.Low, r.High, r.Detectable)
		}
	}
}

// Blocks that drift apart by half do not hide what turns show, nor make it up.
func TestTurnsAreJudgedByTheirBlocks(t *testing.T) {
	drifting := func(s *Side) {
		for i := range s.Samples {
			s.Samples[i].Wall *= 1 + 0.5*float64((i-1)/2%15)
		}
	}
	a, b := side("a", 30, 100, drifting), side("bb", 30, 110, drifting)
	if d := *Judge([]Pair{{a, b}}).Results[0].Decision; d != bench.NoDifference {
		t.Errorf("apart it is %s: no test of the blocks", d)
	}
	if d := *Judge([]Pair{paired(a, b)}).Results[0].Decision; d != bench.Slower {
		t.Errorf("in turns it is %s", d)
	}
}

// With many results, what p alone would call different may be chance.
func TestManyResultsAreAdjusted(t *testing.T) {
	small := paired(side("a", 14, 100, nil), side("bb", 14, 120, nil))
	alone := *Judge([]Pair{small}).Results[0].P
	pairs := []Pair{small}
	for i := range 9 {
		pairs = append(pairs, paired(side("a", 14, 100, nil), side(strings.Repeat("b", i+3), 14, 100, nil)))
	}
	r := Judge(pairs).Results[0]
	if *r.P != alone || *r.Adjusted <= alone || alone >= 0.00002 || *r.Decision != bench.NoDifference {
		t.Errorf("p %v, adjusted %v, %s", *r.P, *r.Adjusted, *r.Decision)
	}
}

func TestWhatCannotBeSaidIsNull(t *testing.T) {
	verdict := bench.Timeout
	waiting := func(s *Side) {
		s.Run.State, s.Run.Verdict, s.Samples, s.Run.Time = bench.Queued, nil, nil, bench.Time{}
	}
	running := func(s *Side) { waiting(s); s.Run.State = bench.Running }
	for _, c := range []struct {
		name  string
		b     Side
		state bench.State
		codes []string
	}{
		{"queued", side("bb", 30, 100, waiting), bench.Queued, nil},
		{"running", side("bb", 30, 100, running), bench.Running, nil},
		{"failed", side("bb", 30, 100, func(s *Side) { s.Run.Verdict = &verdict }), bench.Finished, []string{"not_ok"}},
		{"given up", side("bb", 30, 100, func(s *Side) { s.Samples = nil }), bench.Finished, []string{"samples_gone"}},
		{"no time", side("bb", 30, 100, func(s *Side) { s.Samples[7].Wall = 0 }), bench.Finished, []string{"no_ratio"}},
	} {
		got := Judge([]Pair{paired(side("a", 30, 100, nil), c.b)})
		r := got.Results[0]
		if got.State != c.state || r.Decision != nil || r.Effect != nil || r.P != nil || r.Adjusted != nil || got.GeoMean != nil || got.GeoMeanN != 0 {
			t.Errorf("%s: %+v, %+v", c.name, got, r)
		}
		if !slices.Equal(codes(got), c.codes) {
			t.Errorf("%s: %v", c.name, got.Warnings)
		}
	}
}

func codes(c *bench.Comparison) (list []string) {
	for _, w := range c.Warnings {
		list = append(list, w.Code)
	}
	return list
}

func TestWhatElseMayDifferIsSaid(t *testing.T) {
	other, container := "other", bench.Container
	for want, change := range map[string]func(*Side){
		"different_machine":    func(s *Side) { s.Run.Machine = &other },
		"different_isolation":  func(s *Side) { s.Run.Isolation.Effective = &container },
		"different_definition": func(s *Side) { s.Run.Definition = "e" },
		"different_clock":      func(s *Side) { s.Run.Time.Source = &other },
	} {
		got := Judge([]Pair{{side("a", 30, 100, nil), side("bb", 30, 100, change)}})
		if !slices.Equal(codes(got), []string{want, "separate"}) || got.Taken != bench.Separate {
			t.Errorf("%s: %v", want, got.Warnings)
		}
	}
	// Two programs are compared on purpose.
	got := Judge([]Pair{paired(side("a", 30, 100, nil), side("bb", 30, 100, func(s *Side) { s.Run.Definition = "e" }))})
	if len(got.Warnings) != 0 || got.Taken != bench.Interleaved {
		t.Errorf("%v, %s", got.Warnings, got.Taken)
	}
}

func TestAWarningNamesAFewOfMany(t *testing.T) {
	var pairs []Pair
	for i := range 12 {
		p := Pair{side("a", 6, 100, nil), side("bb", 6, 100, nil)}
		p.A.Run.Slug = fmt.Sprint("s", i)
		pairs = append(pairs, p)
	}
	got := warnings(pairs)
	if len(got) != 1 || !strings.Contains(got[0].Message, "s8, s9, and 2 more.") {
		t.Errorf("%v", got)
	}
}

func TestTooManySamplesAreBounded(t *testing.T) {
	got := Judge([]Pair{paired(side("a", mostSamples+10, 100, nil), side("bb", mostSamples+10, 110, nil))})
	if !slices.Equal(codes(got), []string{"samples_left_out"}) || *got.Results[0].Decision != bench.Slower || got.Results[0].A.N != mostSamples+10 {
		t.Errorf("%+v", got)
	}
}
