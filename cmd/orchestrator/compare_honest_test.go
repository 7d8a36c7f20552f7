package main

import (
	"flag"
	"fmt"
	"net/http"
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/sandboxtest"
)

var compared = flag.Int("compare", 0, "how often TestCompareIsHonest compares a program with itself; without it the test is skipped")

const (
	step    = 4000 // thousands of steps: a few milliseconds
	working = `
[[benchmarks]]
name = "%s"
command = [%q, "work", "%d"]
isolation = "process"
warmup = 3
`
)

// A program is not found to differ from itself, in one of 500 comparisons at most
// and in none of 1,500, and is found to be slower if it is by 10 %, in 94 of 100 at least. How often 5 %
// is found is told: it depends on the machine.
func TestCompareIsHonest(t *testing.T) {
	if *compared == 0 {
		t.Skip("it takes a second or less for each comparison: state -compare, as 'make test-all' does")
	}
	per := perPercent(t)
	s := serveWork(t, map[string]float64{"as-it-is": step, "five-more": step + 5*per, "ten-more": step + 10*per})
	fewer := max(*compared*2/5, 1) // 200 of 500
	same := s.compareOften(*compared, "as-it-is")
	five, ten := s.compareOften(fewer, "five-more"), s.compareOften(fewer, "ten-more")
	most := 1
	if *compared >= 1500 {
		most = 0
	}
	if same[bench.Slower]+same[bench.Faster] > most {
		t.Errorf("it differs from itself in %v of %d", same, *compared)
	}
	if ten[bench.Slower]*100 < 94*fewer {
		t.Errorf("10 %% slower is found in %v of %d", ten, fewer)
	}
	if wrong := five[bench.Faster] + ten[bench.Faster]; wrong > 0 {
		t.Errorf("what is slower was called faster %d times", wrong)
	}
}

// serveWork serves benchmarks that do so much work.
func serveWork(t *testing.T, work map[string]float64) *server {
	t.Helper()
	guest, config := sandboxtest.Build(t, "internal/sandbox/sandboxtest/guest"), ""
	for name, thousands := range work {
		config += fmt.Sprintf(working, name, guest, int(thousands))
	}
	return startServer(t, t.TempDir(), write(t, "config.toml", config))
}

// perPercent is how much work makes the program take a hundredth longer, its start
// included, which is no work.
func perPercent(t *testing.T) float64 {
	t.Helper()
	s := serveWork(t, map[string]float64{"as-it-is": step, "twice": 2 * step})
	var c bench.Comparison
	s.call("POST", "/comparisons?wait=300", `{"a":{"benchmark":"as-it-is"},"b":{"benchmark":"twice"},"blocks":50}`, http.StatusOK, &c)
	return step / (100 * *c.Results[0].Effect)
}

// compareOften compares the program as it is with another, and counts what comes out.
func (s *server) compareOften(times int, b string) map[bench.Decision]int {
	s.t.Helper()
	count := map[bench.Decision]int{}
	var effect, noise float64
	for range times {
		var c bench.Comparison
		s.call("POST", "/comparisons?wait=300", fmt.Sprintf(`{"a":{"benchmark":"as-it-is"},"b":{"benchmark":%q}}`, b), http.StatusOK, &c)
		r := c.Results[0]
		if r.Decision == nil {
			s.t.Fatalf("a comparison came to nothing: %+v", c)
		}
		count[*r.Decision]++
		effect += *r.Effect / float64(times)
		noise += *r.Noise / float64(times)
	}
	s.t.Logf("%s: %v of %d; mean effect %.2f %%, mean noise of a sample %.2f %%", b, count, times, 100*effect, 100*noise)
	return count
}
