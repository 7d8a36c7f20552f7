package report

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// hundredThousand makes files of 100,000 metrics: of Go benchmarks with
// -benchmem and six repetitions, and of our own with six samples each.
var hundredThousand = map[string]func(w io.Writer){
	Go: func(w io.Writer) {
		fmt.Fprint(w, "goos: linux\ngoarch: amd64\npkg: example.org/words\n")
		for i := range 25_000 {
			for n := range 6 {
				fmt.Fprintf(w, "BenchmarkWords/case=%d-2 \t 1000\t %d.25 ns/op\t 16 B/op\t 1 allocs/op\n", i, 100+n)
			}
		}
	},
	Benchcell: func(w io.Writer) {
		fmt.Fprint(w, `{"benchcell":1,"results":[`)
		for i := range 25_000 {
			if i > 0 {
				fmt.Fprint(w, ",")
			}
			fmt.Fprintf(w, `{"name":"words %d","metrics":[`, i)
			for n, unit := range []string{"ns", "B", "allocs", "iterations"} {
				fmt.Fprintf(w, `%.*s{"unit":%q,"samples":[1.25,2.25,3.25,4.25,5.25,6.25]}`, min(n, 1), ",", unit)
			}
			fmt.Fprint(w, "]}")
		}
		fmt.Fprint(w, "]}")
	},
}

func BenchmarkParse(b *testing.B) {
	for format, fill := range hundredThousand {
		b.Run(format, func(b *testing.B) {
			var file bytes.Buffer
			fill(&file)
			b.SetBytes(int64(file.Len()))
			b.ReportAllocs()
			for b.Loop() {
				r, err := Parse(bytes.NewReader(file.Bytes()), "")
				if err != nil || len(r.Results) != 25_000 {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	var file bytes.Buffer
	hundredThousand[Go](&file)
	r, err := Parse(&file, Go)
	if err != nil {
		b.Fatal(err)
	}
	for _, format := range Outputs {
		b.Run(format, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := Write(io.Discard, format, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
