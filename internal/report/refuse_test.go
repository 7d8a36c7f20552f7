package report

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// refused reads what must be refused and returns why.
func refused(t *testing.T, r io.Reader, format string) string {
	t.Helper()
	report, err := Parse(r, format)
	if err == nil || report != nil || bench.CodeOf(err) != bench.CodeInvalid {
		t.Fatalf("got %v, error %v", report, err)
	}
	return err.Error()
}

func ofOne(metric string) string {
	return `{"benchcell":1,"results":[{"name":"x","metrics":[{"unit":"s",` + metric + `}]}]}`
}

func ofGoogle(fields string) string {
	return `{"context":{},"benchmarks":[{"run_name":"a","run_type":"iteration","repetition_index":0,"time_unit":"ns",` + fields + `}]}`
}

// refusals are files with what is said of them. Fuzzing starts from them too.
var refusals = []struct{ format, text, want string }{
	{Go, "goos: linux\nBenchmarkX 1 NaN ns/op\n", `line 2: samples[0] of "ns/op" is NaN`},
	{Go, "BenchmarkX 1 +Inf ns/op\n", `line 1: samples[0] of "ns/op" is +Inf`},
	{Go, "BenchmarkX 1 -1 ns/op\n", "line 1: samples[0] of \"ns/op\" is -1 ns/op: a time must not be below 0"},
	{Go, "BenchmarkX 1 1e999 ns/op\n", "line 1: parsing measurement"},
	{Go, "BenchmarkX 1 1e200 ns/op\n", "is 1e+200: it must be finite and at most 1e+150"},
	{Go, "BenchmarkX -1 5 ns/op\n", "line 1: there are -1 iterations"},
	{Go, "BenchmarkX 1 5 ns/op 6 ns/op\n", `line 1: the metric "ns/op" of "X" stands twice`},
	{Go, "\nBenchmarkX hello\n", "line 2: parsing iteration count"},
	{Go, "BenchmarkX 1 5 ns/op 6\n", "line 1: missing units"},
	{Go, "BenchmarkX 1 5 ns/op\nBenchmarkY 1 5 n", "line 2: the file ends within this line: it is cut off; end it with a line break if it is whole"},
	{Go, "Benchmark 1 5 ns/op\n", "line 1: the benchmark has no name"},
	{Go, "BenchmarkX\xff 1 5 ns/op\n", "line 1: the name of the benchmark \"X\\xff\" is not UTF-8"},
	{Go, "BenchmarkX 1 5 ns/op\n" + strings.Repeat("x", 70_000), "line 2: the line has more than 65536 bytes"},
	{Go, "PASS\nok  \texample.org/words\t0.1s\n", "the file holds no result of a benchmark, as go"},
	{Google, ofGoogle(`"real_time":NaN`), "benchmarks[0].real_time: no JSON at byte"},
	{Google, ofGoogle(`"real_time":-1`), `benchmarks[0]: samples[0] of "real_time" is -1 ns`},
	{Google, ofGoogle(`"real_time":1e999`), "benchmarks[0].real_time: 1e999 is out of range"},
	{Google, ofGoogle(`"real_time":1,"real_time":2`), `the key "real_time" stands twice`},
	{Google, `{"context":{},"benchmarks":[{"name":"a","real_time":1}]}`, "benchmarks[0]: run_type is \"\": expected iteration or aggregate"},
	{Google, `{"context":{},"benchmarks":[{"name":"a","run_type":"iteration","repetition_index":0,"real_time":1},` +
		`{"name":"a","run_type":"iteration","repetition_index":0,"real_time":1}]}`, `benchmarks[1]: "a" stands twice as the same repetition`},
	{Google, `{"context":{},"benchmarks":{}}`, "benchmarks: it is an object: expected a list"},
	{Hyperfine, `{"results":[{"command":"x","times":[1,null]}]}`, "results[0].times[1]: it is null: expected a number"},
	{Hyperfine, `{"results":[{"command":"x","times":["1"]}]}`, "results[0].times[0]: it is a string: expected a number"},
	{Hyperfine, `{"results":[{"command":"x","times":[1]},{"command":"x","times":[1]}]}`, `results[1]: the benchmark "x" stands twice: give each command a name`},
	{Hyperfine, `{"results":[{"command":"x","times":[-1]}]}`, `results[0]: samples[0] of "time" is -1 s`},
	{Hyperfine, `{"results":[{"times":[1]}]}`, "results[0]: the benchmark has no name"},
	{Hyperfine, `{"results":[{"command":"x"}]}`, `results[0]: the benchmark "x" has no metric`},
	{Hyperfine, `{"results":[]}`, "the file holds no result"},
	{Hyperfine, `{"results":[{"command":"x","times":[1]}]} {}`, "something follows the end of the document at byte"},
	{Pytest, `{"machine_info":{},"benchmarks":[{"fullname":"x","stats":{"data":[1],"mean":-1}}]}`, `benchmarks[0]: mean of "time" is -1 s`},
	{Pytest, `{"machine_info":{},"benchmarks":[{"fullname":"x","stats":{"data":[Infinity]}}]}`, "benchmarks[0].stats.data[0]: no JSON at byte"},
	{Pytest, `{"machine_info":{},"benchmarks":[{"fullname":"x","stats":{"data":[1]}},{"fullname":"x","stats":{"data":[1]}}]}`, "stands twice: each test must have an id"},
	{Benchcell, ofOne(`"sample":[1]`), "results[0].metrics[0].sample: this key is not one of name, unit, better, samples"},
	{Benchcell, ofOne(`"better":"more","samples":[1]`), `better of "s" is "more": it must be lower, higher or left out`},
	{Benchcell, ofOne(`"samples":[]`), `results[0]: the metric "s" has neither samples nor statistics`},
	{Benchcell, ofOne(`"samples":[1]},{"unit":"s","samples":[2]`), `the metric "s" of "x" stands twice`},
	{Benchcell, `{"results":[],"benchcell":1}`, `results: "benchcell": 1 must come first`},
	{Benchcell, `{"benchcell":2}`, "benchcell: it is version 2: this server reads 1"},
	{Benchcell, "{\"benchcell\":1,\"context\":{\"a\":\"\xff\"}}", "no JSON at byte"},
	{Benchcell, `[]`, "the document: it is a list: expected an object"},
	{"", `[{"benchmark":"a.B.c","primaryMetric":{}}]`, "the file is in none of the formats go, google-benchmark"},
	{"", "", "the file is in none of the formats"},
	{"", "some text\n", "name the format, if it is one of them"},
	{"jmh", "", `format "jmh" is not one of go, google-benchmark, hyperfine, pytest-benchmark, benchcell`},
}

func TestRefusalsNameThePlace(t *testing.T) {
	for _, c := range refusals {
		if got := refused(t, strings.NewReader(c.text), c.format); !strings.Contains(got, c.want) {
			t.Errorf("%s %.120q:\n got %s\nwant %s", c.format, c.text, got, c.want)
		}
	}
}

// A file that is cut off anywhere is refused as a whole. Of go test's lines
// and events nobody can tell that some are missing at the end.
func TestCutOffFilesAreRefused(t *testing.T) {
	for file, format := range files {
		text := strings.TrimRight(string(read(t, file)), "\n")
		for end := 0; end < len(text); end += 1 + len(text)/1000 {
			r, err := Parse(strings.NewReader(text[:end]), format)
			whole := format == Go && (end == 0 || text[end-1] == '\n' || strings.HasSuffix(text[:end], `\n"}`) || strings.HasSuffix(text[:end], "\nPASS") ||
				strings.Contains(text[:end], "\nok ") || strings.Contains(text[:end], "\nFAIL") || strings.Contains(text[:end], "\nexit status "))
			if (err == nil || r != nil) && !whole {
				t.Fatalf("%s cut at %d was read: …%q", file, end, text[max(0, end-40):end])
			}
		}
	}
}

// endless makes a file of any size of a start and a part with its number.
type endless struct {
	part func(i int) string
	next string
	i, n int
	end  string
}

func (e *endless) Read(p []byte) (int, error) {
	for e.next == "" {
		if e.i == e.n {
			if e.end == "" {
				return 0, io.EOF
			}
			e.next, e.end = e.end, ""
			break
		}
		e.next = e.part(e.i)
		e.i++
	}
	n := copy(p, e.next)
	e.next = e.next[n:]
	return n, nil
}

func TestBounds(t *testing.T) {
	line := func(i int) string { return fmt.Sprintf("BenchmarkX%d 1 2 ns/op\n", i) }
	long := strings.Repeat("x", 10_000)
	start := `{"benchcell":1,"results":[{"name":"x","metrics":[{"unit":"s","samples":[1`
	for name, c := range map[string]struct {
		file   *endless
		format string
		want   string
	}{
		"a million metrics":  {&endless{part: line, n: 500_000}, Go, "line 50001: the file has more than 100000 metrics"},
		"100 MiB":            {&endless{part: func(int) string { return "a line of a log\n" }, n: 7_000_000}, Go, "the file has more than 64 MiB"},
		"too many samples":   {&endless{part: func(int) string { return "BenchmarkX 1 2 ns/op\n" }, n: 2_100_000}, Go, "line 2000001: the file has more than 4000000 samples"},
		"100 MiB of JSON":    {&endless{next: `{"results":[],"x":"`, part: func(int) string { return long }, n: 10_000}, Hyperfine, "the file has more than 64 MiB"},
		"5 million samples":  {&endless{next: start, part: func(int) string { return ",1" }, n: 5_000_000, end: "]}]}]}"}, Benchcell, "results[0].metrics[0].samples[3999999]: the file has more than 4000000 samples"}, // the version is one
		"a long name":        {&endless{next: "Benchmark" + long + " 1 2 ns/op\n"}, Go, "line 1: the name of the benchmark has 10000 bytes: it must have at most 4096"},
		"a long command":     {&endless{next: `{"results":[{"command":"` + long + `","times":[1]}]}`}, Hyperfine, "results[0].command: the text has 10000 bytes"},
		"a long key":         {&endless{next: `{"results":[{"command":"x","times":[1],"` + long + `":1}]}`}, Hyperfine, "has 10000 bytes"},
		"a long label":       {&endless{next: `{"results":[{"command":"x","times":[1],"parameters":{"p":"` + long + `"}}]}`}, Hyperfine, "results[0].parameters.p: the text has 10000 bytes"},
		"labels of all":      {&endless{next: `{"results":[{"command":"x","times":[1],"parameters":{"a":"b"`, part: func(i int) string { return fmt.Sprintf(`,"%d":"b"`, i) }, n: 300, end: "}}]}"}, Hyperfine, "there are 301 labels"},
		"metrics of one":     {&endless{next: `{"context":{},"benchmarks":[{"run_type":"iteration","name":"a"`, part: func(i int) string { return fmt.Sprintf(`,"%d":1`, i) }, n: 300, end: "}]}"}, Google, "at most 256 metrics"},
		"a million labels":   {&endless{next: `{"results":[],"x":[0`, part: func(int) string { return ",123" }, n: 1_000_001, end: "]}"}, Hyperfine, "more than 1000000 labels"},
		"a deep document":    {&endless{next: `{"results":[],"x":`, part: func(int) string { return `{"` + long[:100] + `":` }, n: 20_000}, Hyperfine, "the key has"},
		"a failure a line":   {&endless{part: func(int) string { return "FAIL\tx\n" }, n: 200_000}, Go, "the file has more than 100000 failures"},
		"6 million keys":     {&endless{next: `{"context":{"q":null`, part: func(i int) string { return fmt.Sprintf(`,"%x":[]`, i) }, n: 6_000_000, end: "}}"}, Google, "the file has more than 5000000 keys"},
		"a label that grows": {&endless{part: func(i int) string { return fmt.Sprintf("k%d: v\nBenchmarkX 1 2 ns/op\n", i) }, n: 300}, Go, "line 514: there are 257 labels"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := refused(t, c.file, c.format); !strings.Contains(got, c.want) {
				t.Errorf("got %.300s\nwant %s", got, c.want)
			}
		})
	}
}
