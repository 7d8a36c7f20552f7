package report

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"benchcell/internal/bench"
)

// The formats that Parse reads.
const (
	Go        = "go"               // go test -bench, with -json too, and benchfmt by anyone else
	Google    = "google-benchmark" // --benchmark_format=json
	Hyperfine = "hyperfine"        // --export-json, of hyperfine 1 and 2
	Pytest    = "pytest-benchmark" // --benchmark-json
	Benchcell = "benchcell"        // our own: docs/formats.md
)

// Formats lists all of them.
var Formats = []string{Go, Google, Hyperfine, Pytest, Benchcell}

// reader is how a format is read, nil for one that is not known.
func reader(name string) func(io.Reader, *collector) error {
	switch name {
	case Go:
		return readGo
	case Google:
		return inJSON((*walker).google)
	case Hyperfine:
		return inJSON((*walker).hyperfine)
	case Pytest:
		return inJSON((*walker).pytest)
	case Benchcell:
		return inJSON((*walker).benchcell)
	}
	return nil
}

// peek is how much of a file is looked at to tell its format.
const peek = 64 << 10

// Parse reads a file of the named format; an empty name has it told by the
// content. The error is for a user to read, CodeInvalid unless r itself fails.
func Parse(r io.Reader, name string) (*Report, error) {
	buffered := bufio.NewReaderSize(&sized{r: r, left: MaxSize}, peek)
	if mark, _ := buffered.Peek(3); string(mark) == "\xef\xbb\xbf" { // as editors of Windows write
		_, _ = buffered.Discard(3)
	}
	if name == "" {
		start, err := buffered.Peek(peek)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if name = detect(start); name == "" {
			return nil, bench.Errorf(bench.CodeInvalid, "the file is in none of the formats %s", strings.Join(Formats, ", ")).
				WithHint("name the format, if it is one of them")
		}
	}
	format := reader(name)
	if format == nil {
		return nil, bench.Errorf(bench.CodeInvalid, "format %.100q is not one of %s", name, strings.Join(Formats, ", "))
	}
	c := &collector{report: Report{Version: 1, Format: name, Results: []Result{}}, index: map[string]int{}}
	if err := format(buffered, c); err != nil {
		return nil, err
	}
	if len(c.report.Results) == 0 && len(c.report.Failures) == 0 {
		return nil, bench.Errorf(bench.CodeInvalid, "the file holds no result of a benchmark, as %s", name)
	}
	return &c.report, nil
}

// sized ends a file that is too large with an error.
type sized struct {
	r    io.Reader
	left int
}

func (s *sized) Read(p []byte) (int, error) {
	n, err := s.r.Read(p[:min(len(p), s.left+1)])
	if s.left -= n; s.left < 0 {
		return 0, bench.Errorf(bench.CodeInvalid, "the file has more than %d MiB", MaxSize>>20)
	}
	return n, err
}

// marks are the keys that only one format has so deep in a document. They are
// looked for in the order of the document, so one of the first will do.
var marks = []struct {
	depth  int
	key    string
	format string
}{
	{1, "benchcell", Benchcell},
	{1, "Action", Go},
	{1, "context", Google},
	{1, "machine_info", Pytest},
	{1, "commit_info", Pytest},
	{1, "schema_version", Hyperfine},
	{3, "run_name", Google},
	{3, "run_type", Google},
	{3, "fullname", Pytest},
	{3, "stats", Pytest},
	{3, "command", Hyperfine},
	{3, "times", Hyperfine},
}

// detect tells the format by how a file starts.
func detect(start []byte) string {
	if text := bytes.TrimLeft(start, " \t\r\n"); len(text) == 0 || text[0] != '{' {
		return detectLines(start)
	}
	d := jsontext.NewDecoder(bytes.NewReader(start))
	for {
		token, err := d.ReadToken()
		if err != nil { // the rest is beyond the start, or no JSON
			return ""
		}
		depth := d.StackDepth()
		kind, length := d.StackIndex(depth)
		if token.Kind() != '"' || kind != '{' || length%2 == 0 {
			continue // no name of a member
		}
		for _, m := range marks {
			if m.depth == depth && m.key == token.String() {
				return m.format
			}
		}
	}
}

func detectLines(start []byte) string {
	known := append([]string{"Benchmark", "goos: ", "goarch: ", "pkg: ", "Unit "}, eventStarts...)
	for line := range bytes.Lines(start) {
		if slices.ContainsFunc(known, func(p string) bool { return bytes.HasPrefix(line, []byte(p)) }) {
			return Go
		}
	}
	return ""
}
