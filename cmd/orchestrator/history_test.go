package main

import (
	"bytes"
	"strings"
	"testing"

	"benchcell/internal/bench"
)

func TestAHistoryInWords(t *testing.T) {
	low, median, high, noise, commit := 9.5, 10.0, 10.5, 0.01, strings.Repeat("a", 40)
	var out bytes.Buffer
	err := printTrend(&out, &bench.Trend{
		Points: []bench.Point{
			{Run: "1", Verdict: bench.Timeout},
			{Run: "2", Verdict: bench.OK, Commit: &commit, Median: &median, Low: &low, High: &high},
		},
		ChangePoints: []bench.ChangePoint{{Run: "2", Change: 0.2}},
		Band:         bench.Band{N: 9, Median: &median, Low: &low, High: &high, Noise: &noise, Detectable: &noise, Place: "above"},
		Baseline:     &bench.Baseline{Name: "v1", Run: "0", Change: &noise, Differs: []string{"machine"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"timeout", "aaaaaaaaaa  10.000ms  9.500ms to 10.500ms", "<- changed +20.0 %", "above the band of 9.500ms to 10.500ms", "Against v1 (run 0): +1.0 %. Its machine is another."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if words := bandWords(bench.Band{N: 3, Place: "learning"}); !strings.Contains(words, "3 runs of the 8") {
		t.Error(words)
	}
}

func TestHistoryAndAlertsWithoutAServer(t *testing.T) {
	data := t.TempDir()
	if out, errs, code := orchestrate(t, "alerts", "--data", data); code != 0 || out != "No alerts.\n" {
		t.Errorf("alerts: code %d, %q, %q", code, out, errs)
	}
	if _, errs, code := orchestrate(t, "history", "nothing", "--data", data); code != 1 || !strings.Contains(errs, "has no history") {
		t.Errorf("history: code %d, %q", code, errs)
	}
}
