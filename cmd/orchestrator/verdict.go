package main

import (
	"fmt"

	"benchcell/internal/bench"
	"benchcell/internal/report"
)

// comparison prints what came out, in words or as JSON.
func (p *printer) comparison(c *bench.Comparison, sides [2]compareSide) error {
	if p.json {
		return printJSON(p.out, c)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	if p.format != "" {
		return report.WriteComparison(p.out, p.format, c)
	}
	for _, r := range c.Results {
		if len(c.Results) > 1 {
			fmt.Fprintf(p.out, "%s: %s\n", bold(r.Benchmark), comparedWords(r))
			continue
		}
		fmt.Fprintf(p.out, "A  %s  %s\n", sideWords(r.A), bold(printable(sides[0].name)))
		fmt.Fprintf(p.out, "B  %s  %s\n", sideWords(r.B), bold(printable(sides[1].name)))
		fmt.Fprintf(p.out, "%s\n", comparedWords(r))
	}
	if c.GeoMeanN > 1 {
		fmt.Fprintf(p.out, "\nB takes %.3f times as long as A, the geometric mean of %d benchmarks\n", *c.GeoMean, c.GeoMeanN)
	}
	for _, w := range c.Warnings {
		fmt.Fprintf(p.out, "%s\n", faint("! "+w.Message))
	}
	return nil
}

func sideWords(r bench.ComparedRun) string {
	if r.Median == nil {
		return "no time"
	}
	return fmt.Sprintf("%s median of %d", millis(*r.Median), r.N)
}

// comparedWords is the decision as a developer says it.
func comparedWords(r bench.Compared) string {
	if r.Decision == nil {
		return bad("nothing can be said: A or B did not end well")
	}
	switch *r.Decision {
	case bench.Slower:
		return fmt.Sprintf("B is %s, %s", bad(fmt.Sprintf("%.1f %% slower", 100**r.Effect))+between(r.Low, r.High, 1), chance(r))
	case bench.Faster:
		return fmt.Sprintf("B is %s, %s", good(fmt.Sprintf("%.1f %% faster", -100**r.Effect))+between(r.High, r.Low, -1), chance(r))
	case bench.TooFew:
		return "too few samples to say: each side needs 6"
	case bench.NoDifference:
	}
	return fmt.Sprintf("no difference found%s: this would have shown from %.1f %% on", between(r.Low, r.High, 1), 100**r.Detectable)
}

// between is the interval of an effect, seen as slower or, by -1, as faster.
func between(low, high *float64, sign float64) string {
	if low == nil || high == nil {
		return ""
	}
	return fmt.Sprintf(" (%.1f %% to %.1f %%)", sign*100**low, sign*100**high)
}

func chance(r bench.Compared) string {
	if *r.Adjusted < 0.0001 {
		return "p < 0.0001"
	}
	return fmt.Sprintf("p = %.4f", *r.Adjusted)
}
