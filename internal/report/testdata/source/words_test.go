package words

import (
	"fmt"
	"strings"
	"testing"
)

func BenchmarkRepeat(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.SetBytes(int64(n))
			for b.Loop() {
				strings.Repeat("x", n)
			}
		})
	}
}

func BenchmarkFields(b *testing.B) {
	words := 0
	for b.Loop() {
		words += len(strings.Fields("a few words in a row"))
	}
	b.ReportMetric(float64(words)/float64(b.N), "words/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(words), "ns/word")
}
