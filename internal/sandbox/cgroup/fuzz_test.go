package cgroup

import "testing"

// Files of the kernel, and what a runner says that it has read there: none may be
// taken for what it is not, and no figure of bytes or counts is below zero.
func FuzzFigures(f *testing.F) {
	f.Add([]byte("8:0 Read 4096\n8:0 Write 12\n"), " Read ")
	f.Add([]byte("some avg10=0.00 avg60=0.00 avg300=0.00 total=123\n"), "some")
	f.Add([]byte("max 100000\n"), "")
	f.Fuzz(func(_ *testing.T, text []byte, key string) {
		sumAfter(text, key)
		stall(text, key)
		for _, figures := range [][]figure{figuresV1, figuresV2, totalsV1, totalsV2} {
			new(reading).take(text, figures)
		}
		for _, v2 := range []bool{false, true} {
			readBack(v2, func(string, string) string { return string(text) })
		}
	})
}
