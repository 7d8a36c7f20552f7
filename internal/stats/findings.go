package stats

import (
	"fmt"
	"math"
	"strings"

	"golang.org/x/perf/benchunit"
)

// findings puts warnings into words. Each method knows one code.
type findings struct {
	n        int
	median   float64 // ms
	warnings []Warning
}

func (f *findings) add(code, format string, args ...any) {
	f.warnings = append(f.warnings, Warning{code, fmt.Sprintf(format, args...)})
}

func (f *findings) few() {
	if f.n < MinForInterval {
		f.add(CodeFewSamples, "%d of the %d samples that a confidence interval needs at least. Raise iterations to %d or more.",
			f.n, MinForInterval, MinForInterval)
	}
}

func (f *findings) short() {
	if f.median < shortCommand {
		f.add(CodeShortCommand, "The command takes %s; under %s starting it is a large part of the time. Let it do more work per execution, or let the program time itself (kind protocol).",
			ms(f.median), ms(shortCommand))
	}
}

// far reports the outliers, a slow first sample apart from the others.
func (f *findings) far(samples []float64, far []int) {
	if len(far) > 0 && far[0] == 0 && samples[0] > f.median {
		f.add(CodeSlowFirstSample, "The first sample took %s, the median is %s: something was still cold (caches, lazy set-up). Raise warmup.",
			ms(samples[0]), ms(f.median))
		far = far[1:]
	}
	if len(far) > 0 {
		f.outliers(samples, far)
	}
}

func (f *findings) outliers(samples []float64, far []int) {
	farthest := samples[far[0]]
	for _, i := range far {
		if math.Abs(samples[i]-f.median) > math.Abs(farthest-f.median) {
			farthest = samples[i]
		}
	}
	f.add(CodeOutliers, "%d of %d samples lie far from the median of %s, the farthest at %s; none was dropped. Quiet the machine and run again.",
		len(far), f.n, ms(f.median), ms(farthest))
}

func (f *findings) drift(first, second float64) {
	change, word := second/first-1, "slower"
	if change < 0 {
		change, word = -change, "faster"
	}
	f.add(CodeDrift, "The second half of the samples is %.0f %% %s than the first (medians %s and %s), so the run had not settled. Raise warmup; if that does not help, look for what changes meanwhile: files or memory that grow, heat, other work on the machine.",
		100*change, word, ms(first), ms(second))
}

func (f *findings) bimodal(low, high float64) {
	f.add(CodeBimodal, "The samples fall into two groups, around %s and %s, and the median may jump between them. Look for what differs from sample to sample (a cache hit or miss, the core it ran on, a coarse clock) and fix it or measure the two apart.",
		ms(low), ms(high))
}

// ms words a time given in ms, in the unit that suits it.
func ms(t float64) string {
	text := benchunit.Scale(t/1000, benchunit.Decimal)
	number := strings.TrimRight(text, "nµmk")
	return number + " " + text[len(number):] + "s"
}
