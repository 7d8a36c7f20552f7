package words

import "testing"

func BenchmarkRefused(b *testing.B) {
	for b.Loop() {
		b.Fatal("the input is missing")
	}
}
