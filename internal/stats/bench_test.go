package stats

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

var sizes = []int{10, 1_000, 1_000_000}

func BenchmarkSummarize(b *testing.B) {
	each(b, func(xs []float64) { Summarize(xs) })
}

func BenchmarkWarnings(b *testing.B) {
	each(b, func(xs []float64) { Warnings(xs, FromOutside) })
}

func BenchmarkRate(b *testing.B) {
	each(b, func(xs []float64) { Rate(xs, 100) })
}

// The slowest case there is: the exact Mann-Whitney test on ties, which drift
// asks for up to 25 samples a side.
func BenchmarkWarningsTies(b *testing.B) {
	xs := draw(50, func(r *rand.Rand) float64 { return float64(r.IntN(40)) })
	for i := range xs[25:] {
		xs[25+i] += 20
	}
	b.ReportAllocs()
	for b.Loop() {
		Warnings(xs)
	}
}

func BenchmarkCompare(b *testing.B) {
	for _, n := range []int{6, 30, 50, 1000} {
		as, bs := draw(n, normal), draw(n+1, normal)[1:]
		b.Run(fmt.Sprint("plain/n=", n), func(b *testing.B) {
			for b.Loop() {
				Compare(as, bs)
			}
		})
		b.Run(fmt.Sprint("blocks/n=", n), func(b *testing.B) {
			for b.Loop() {
				CompareBlocks(as, bs, 2)
			}
		})
	}
}

func BenchmarkNewBand(b *testing.B) {
	each(b, func(xs []float64) { NewBand(xs) })
}

func BenchmarkAdjust(b *testing.B) {
	each(b, func(xs []float64) { Adjust(xs) })
}

func BenchmarkCommonShift(b *testing.B) {
	each(b, func(xs []float64) { CommonShift(xs) })
}

func BenchmarkChangePoints(b *testing.B) {
	for name, every := range map[string]int{"noise": 5000, "100 steps": 50, "a step each 8": 8} {
		b.Run(name+"/n=5000", func(b *testing.B) {
			xs := draw(5000, normal)
			for i := range xs {
				xs[i] *= float64(1 + i/every%2)
			}
			b.ReportAllocs()
			for b.Loop() {
				ChangePoints(xs)
			}
		})
	}
}

func each(b *testing.B, call func([]float64)) {
	for _, n := range sizes {
		b.Run(fmt.Sprint("n=", n), func(b *testing.B) {
			xs := draw(n, normal)
			b.ReportAllocs()
			for b.Loop() {
				call(xs)
			}
		})
	}
}

// A quadratic step would take minutes here; a second is the goal, the margin is
// for the race detector and a busy machine.
func TestMillionSamples(t *testing.T) {
	xs := draw(1_000_000, normal)
	start := time.Now()
	Summarize(xs)
	Warnings(xs, FromOutside)
	Rate(xs, 100)
	SamplesToDecide(xs, 100)
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}
