package report

import (
	"bytes"
	"strings"
)

// lines looks at the lines of go test beside benchfmt.Reader, which passes over
// all that is no result: what failed, and whether the last line is whole.
type lines struct {
	n        int    // complete lines
	part     []byte // the start of the one that is not
	failures []Failure
	excused  []int // lines that look like a result and need not be one
}

// maxPart is how much of a line is kept: what is looked for is at its start.
const maxPart = 1 << 10

func (l *lines) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		line, after, whole := bytes.Cut(rest, []byte("\n"))
		keep := min(len(line), maxPart-len(l.part))
		l.part, rest = append(l.part, line[:keep]...), after
		if whole {
			l.n++
			l.look(string(bytes.TrimSuffix(l.part, []byte("\r"))))
			l.part = l.part[:0]
		}
	}
	return len(p), nil
}

func (l *lines) look(line string) {
	name, isBenchmark := strings.CutPrefix(line, "Benchmark")
	before, failed, marked := strings.Cut(line, "--- FAIL: ")
	switch {
	case isBenchmark && marked: // the name was printed before it failed
		l.excused = append(l.excused, l.n)
		l.failed(strings.TrimSpace(strings.TrimPrefix(before, "Benchmark")), line)
	case isBenchmark && name != "" && name[0] >= 'a' && name[0] <= 'z': // a word: Benchmarking
		l.excused = append(l.excused, l.n)
	case marked && strings.TrimSpace(before) == "":
		name, _, _ := strings.Cut(strings.TrimPrefix(failed, "Benchmark"), " (")
		l.failed(name, line)
	case strings.HasPrefix(line, "FAIL\t"):
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "FAIL\t"), "\t")
		l.failed(name, line)
	}
}

func (l *lines) failed(name, line string) {
	if len(l.failures) <= MaxMetrics { // one more is refused at the end
		l.failures = append(l.failures, Failure{name, strings.Join(strings.Fields(strings.ToValidUTF8(line, "\uFFFD")), " ")})
	}
}

// excuse says whether a line that could not be read as a result is none. Lines
// are asked for in order.
func (l *lines) excuse(line int) bool {
	for len(l.excused) > 0 && l.excused[0] < line {
		l.excused = l.excused[1:]
	}
	return len(l.excused) > 0 && l.excused[0] == line
}

// cut says whether the file ends within a line that may matter: go test ends
// all of them, but PASS and ok may be followed by a cut shell output.
func (l *lines) cut() bool {
	last := string(l.part)
	return last != "" && last != "PASS" && last != "FAIL" && !strings.HasPrefix(last, "ok ") && !strings.HasPrefix(last, "exit status ")
}
