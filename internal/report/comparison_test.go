package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

// compared are one slower benchmark with a hostile name, and one of which nothing
// can be said.
func compared() *bench.Comparison {
	a, b, effect, low, high, p, slower := 10.0, 12.0, 0.2, 0.15, 0.25, 0.0004, bench.Slower
	return &bench.Comparison{
		State: bench.Finished, Taken: bench.Interleaved, Criteria: bench.Criteria{P: 0.01, Effect: 0.03},
		Results: []bench.Compared{
			{
				Benchmark: "<script>alert(1)</script>|`x`", A: bench.ComparedRun{Run: "1", Median: &a, N: 30}, B: bench.ComparedRun{Run: "2", Median: &b, N: 30},
				Effect: &effect, Low: &low, High: &high, P: &p, Adjusted: &p, Decision: &slower,
			},
			{Benchmark: "=cmd", A: bench.ComparedRun{Run: "3"}, B: bench.ComparedRun{Run: "4"}},
		},
		GeoMean: &b, GeoMeanN: 2, Warnings: []bench.Warning{{Code: "different_machine", Message: "A and B ran on <b>different</b> machines."}},
	}
}

func TestAComparisonOfOnePairIsTitledByWhatItIsOf(t *testing.T) {
	for b, want := range map[string]string{"old": "<h1>Comparison of old</h1>", "<new>": "<h1>Comparison of old and &lt;new&gt;</h1>"} {
		c := &bench.Comparison{Results: []bench.Compared{{Benchmark: "old", A: bench.ComparedRun{Benchmark: "old"}, B: bench.ComparedRun{Benchmark: b}}}}
		var out bytes.Buffer
		if err := WriteComparison(&out, HTML, c); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%v: %q is not in\n%s", err, want, out.String())
		}
	}
}

func writtenAs(t *testing.T, format string) string {
	t.Helper()
	var out bytes.Buffer
	if err := WriteComparison(&out, format, compared()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestAComparisonIsOnePageThatOpensOffline(t *testing.T) {
	text := writtenAs(t, HTML)
	for _, want := range []string{"20.0", "+15.0 % to &#43;25.0 %", "slower", "undecided", "12.000 times", "&lt;b&gt;different", "0.0004", "<svg"} {
		if !strings.Contains(strings.ReplaceAll(text, "&#43;15", "+15"), want) {
			t.Errorf("%q is not in it", want)
		}
	}
	for _, never := range []string{"<script", "http:", "https:", "src=", "<b>", "@import", "NaN", "url("} {
		if strings.Contains(text, never) {
			t.Errorf("%q is in it", never)
		}
	}
}

func TestAComparisonInOtherFormats(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(writtenAs(t, CSV))).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][12] != "slower" || rows[1][7] != "0.2" || rows[2][0] != "'=cmd" || rows[2][12] != "undecided" || rows[2][7] != "" {
		t.Errorf("%q, %v", rows, err)
	}
	text := writtenAs(t, Markdown)
	for _, want := range []string{"| +20.0 % | +15.0 % to +25.0 % | 0.0004 | slower |", "in turns", "`=cmd`"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	var back bench.Comparison
	if err := json.Unmarshal([]byte(writtenAs(t, JSON)), &back); err != nil || len(back.Results) != 2 {
		t.Errorf("%+v, %v", back, err)
	}
	if err := WriteComparison(&bytes.Buffer{}, Benchfmt, compared()); bench.CodeOf(err) != bench.CodeInvalid {
		t.Errorf("benchfmt: %v", err)
	}
}
