package scheduler

import (
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// measured has n samples: 10 ms, 4 ms of CPU time and 2 MB; the last tenth of
// them half as much again.
func measured(n int) *bench.Measurement {
	m := &bench.Measurement{Verdict: bench.OK, TimeSource: bench.TimeByRunner, Samples: []bench.Sample{{Warmup: true, Wall: 900}}}
	for i := range n {
		more := 1.0
		if i >= n-n/10 {
			more = 1.5
		}
		cpu, rss := 4000*more, int64(2e6*more)
		m.Samples = append(m.Samples, bench.Sample{Index: i, Wall: 10 * more, CPU: &cpu, MaxRSS: &rss})
	}
	return m
}

func TestTheTargetIsOnItsFigure(t *testing.T) {
	for _, c := range []struct {
		name    string
		on      bench.TargetOn
		n       int
		target  float64
		rating  bench.Rating
		value   float64 // 0 is none
		ends    string  // which of the interval there are
		advises string
	}{
		{"median, as before", "", 20, 11, bench.Fast, 10, "low high", ""},
		{"median", bench.OnMedian, 20, 9, bench.Slow, 10, "low high", ""},
		{"few have no interval", bench.OnMedian, 5, 11, bench.Fast, 10, "", ""},
		{"p95 under", bench.OnP95, 100, 16, bench.Fast, 15, "low high", ""},
		{"p95 above, where the median is under", bench.OnP95, 200, 12, bench.Slow, 15, "low high", ""},
		{"p95 of too few", bench.OnP95, 60, 16, bench.Unsure, 15, "low", "about 72 samples would decide"},
		{"p95 of very few", bench.OnP95, 10, 16, bench.Unsure, 0, "", "about 72 samples would decide"},
		{"p95 near", bench.OnP95, 100, 14, bench.Unsure, 15, "low high", "too near"},
		{"CPU time in ms", bench.OnCPU, 20, 4.5, bench.Fast, 4, "low high", ""},
		{"CPU time above", bench.OnCPU, 20, 3.5, bench.Slow, 4, "low high", ""},
		{"memory in bytes", bench.OnMemory, 20, 2.5e6, bench.Fast, 2e6, "low high", ""},
		{"memory above", bench.OnMemory, 20, 1.5e6, bench.Slow, 2e6, "low high", ""},
	} {
		run := bench.Run{Kind: bench.KindCommand, Target: &c.target, TargetOn: c.on}
		Summarize(&run, measured(c.n))
		if *run.Rating != c.rating || (run.Rated == nil) != (c.value == 0) {
			t.Errorf("%s: %s of %+v", c.name, *run.Rating, run.Rated)
			continue
		}
		if f := run.Rated; f != nil && (f.Value != c.value || (f.Low != nil) != strings.Contains(c.ends, "low") || (f.High != nil) != strings.Contains(c.ends, "high")) {
			t.Errorf("%s: rated %+v", c.name, f)
		}
		advised := ""
		for _, w := range run.Warnings {
			if w.Code == "undecided" {
				advised = w.Message
			}
		}
		if !strings.Contains(advised, c.advises) || (c.advises == "") != (advised == "") {
			t.Errorf("%s: advised %q", c.name, advised)
		}
		if (run.Time.P95 != nil) != (c.n >= 20) {
			t.Errorf("%s: p95 %v", c.name, run.Time.P95)
		}
	}
}

func TestWhatWasNotMeasuredIsNotRated(t *testing.T) {
	target := 1.0
	for _, on := range []bench.TargetOn{bench.OnCPU, bench.OnMemory} {
		run := bench.Run{Kind: bench.KindCommand, Target: &target, TargetOn: on}
		m := measured(20)
		m.Samples[7].CPU, m.Samples[7].MaxRSS = nil, nil
		Summarize(&run, m)
		last := run.Warnings[len(run.Warnings)-1]
		if *run.Rating != bench.Unsure || run.Rated != nil || !strings.Contains(last.Message, "is on "+string(on)+", which was not measured") {
			t.Errorf("%s: %s of %+v, %v", on, *run.Rating, run.Rated, last)
		}
	}
}
