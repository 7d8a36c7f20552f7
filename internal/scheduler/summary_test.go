package scheduler

import (
	"slices"
	"testing"

	"benchcell/internal/bench"
)

func TestSummarize(t *testing.T) {
	target := 5.0
	for _, c := range []struct {
		name     string
		verdict  bench.Verdict
		kind     bench.Kind
		walls    []float64
		rating   bench.Rating
		interval bool
		warnings []string
	}{
		{"nothing was measured", bench.StartFailed, bench.KindProtocol, nil, "", false, nil},
		{"one sample", bench.OK, bench.KindProtocol, []float64{4}, bench.Fast, false, []string{"few_samples"}},
		{"all under the target", bench.OK, bench.KindProtocol, []float64{4, 4.1, 4.2, 4, 4.1, 4.2, 4.1}, bench.Fast, true, nil},
		{"all above", bench.OK, bench.KindProtocol, []float64{6, 6.1, 6.2, 6, 6.1, 6.2, 6.1}, bench.Slow, true, nil},
		{"on both sides", bench.OK, bench.KindProtocol, []float64{4, 6, 4.1}, bench.Unsure, false, []string{"few_samples", "undecided"}},
		{"only an ok run is rated", bench.Timeout, bench.KindProtocol, []float64{4}, "", false, []string{"few_samples"}},
		{"tests are no measurement", bench.OK, bench.KindTests, []float64{4}, bench.Fast, false, nil},
	} {
		plan := bench.Plan{Benchmark: bench.Benchmark{Kind: c.kind, Definition: bench.Definition{Target: &target}}}
		run := bench.Run{Kind: plan.Kind, Target: plan.Target}
		m := &bench.Measurement{Verdict: c.verdict, TimeSource: bench.TimeByProgram, Samples: []bench.Sample{{Wall: 1000, Warmup: true}}}
		for i, w := range c.walls {
			m.Samples = append(m.Samples, bench.Sample{Index: i, Wall: w})
		}
		Summarize(&run, m)
		if run.Time.N != len(c.walls) || (run.Time.Median == nil) != (len(c.walls) == 0) || (run.Time.CILow != nil) != c.interval {
			t.Errorf("%s: %+v", c.name, run.Time)
		}
		if (run.Time.Stddev == nil) != (len(c.walls) < 2) {
			t.Errorf("%s: stddev %v", c.name, run.Time.Stddev)
		}
		if len(c.walls) > 0 && (*run.Time.Max > 900 || *run.Time.Source != bench.TimeByProgram) {
			t.Errorf("%s: the warm-up counts: %+v", c.name, run.Time)
		}
		if (run.Rating == nil) != (c.rating == "") || (run.Rating != nil && *run.Rating != c.rating) {
			t.Errorf("%s: rated %v, want %q", c.name, run.Rating, c.rating)
		}
		var codes []string
		for _, w := range run.Warnings {
			codes = append(codes, w.Code)
		}
		if !slices.Equal(codes, c.warnings) {
			t.Errorf("%s: warned of %v, want %v", c.name, codes, c.warnings)
		}
	}
}

func TestShortCommandsAreWarnedOfOnlyWhereTheRunnerTimes(t *testing.T) {
	for source, warned := range map[string]bool{bench.TimeByRunner: true, bench.TimeByProgram: false} {
		run := bench.Run{Kind: bench.KindCommand}
		m := &bench.Measurement{Verdict: bench.OK, TimeSource: source}
		for i := range 20 {
			m.Samples = append(m.Samples, bench.Sample{Index: i, Wall: 1 + float64(i%3)/10})
		}
		Summarize(&run, m)
		if got := slices.ContainsFunc(run.Warnings, func(w bench.Warning) bool { return w.Code == "short_command" }); got != warned {
			t.Errorf("timed by %s: %v", source, run.Warnings)
		}
	}
}
