package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func htmlOf(t *testing.T, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, HTML, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A page tells what the table for readers tells, and draws each sample.
func TestPage(t *testing.T) {
	m := Metric{Name: "time", Unit: "ms", Better: Lower, Samples: []float64{1, 2, 3, 4, 5, 6, 7, 8}}
	text := htmlOf(t, &Report{
		Version: 1, Format: "go", Results: []Result{{Name: "Sum", Metrics: []Metric{m, {Name: "runs", Stats: map[string]float64{"mean": 3}}}}},
		Failures: []Failure{{"Other", "panic: no"}}, Context: map[string]string{"goos": "linux"},
	})
	for _, want := range []string{"<title>Sum</title>", "4.500 ms", "1.000 ms to 8.000 ms", "panic: no", "linux"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if n := strings.Count(text, "<circle"); n != len(m.Samples) {
		t.Errorf("%d points for %d samples", n, len(m.Samples))
	}
	for _, never := range []string{"<script", "http:", "https:", "url("} {
		if strings.Contains(text, never) {
			t.Errorf("the page needs more than itself: %s", never)
		}
	}
}

func TestPageIsInertWhateverTheNamesAre(t *testing.T) {
	hostile := `"><script>alert(1)</script><img src=x onerror=1>`
	text := htmlOf(t, &Report{
		Version: 1, Format: hostile, Context: map[string]string{hostile: hostile}, Failures: []Failure{{hostile, hostile}},
		Results: []Result{{Name: hostile, Labels: map[string]string{hostile: hostile}, Metrics: []Metric{{Name: hostile, Unit: hostile, Samples: []float64{1, 2}}}}},
	})
	if strings.Contains(text, "<script") || strings.Contains(text, "<img") {
		t.Errorf("markup of a name is markup of the page:\n%s", text)
	}
	d := xml.NewDecoder(strings.NewReader(text))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestPlotStaysInItsBox(t *testing.T) {
	many := make([]float64, 10_000)
	for i := range many {
		many[i] = float64(i * i % 97)
	}
	for name, samples := range map[string][]float64{"many": many, "alike": {3, 3, 3}, "far apart": {1e-300, 1e300}} {
		m := Metric{Name: "x", Unit: "ms", Samples: samples}
		p := viewOf(&m).Plot
		if len(p.Points) > mostPoints {
			t.Errorf("%s: %d points", name, len(p.Points))
		}
		for _, at := range p.Points {
			if !(at.X >= 0 && at.X <= p.Width && at.Y >= 0 && at.Y <= p.Height) {
				t.Errorf("%s: a point at %v", name, at)
			}
		}
	}
}
