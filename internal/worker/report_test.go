package worker

import (
	"context"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/report"
	"benchcell/internal/sandbox"
)

func TestReportsAreReadWholeOrNotAtAll(t *testing.T) {
	for name, c := range map[string]struct {
		printed string
		dropped int64
		verdict bench.Verdict
		says    string
	}{
		"whole":      {"BenchmarkX 10 5 ns/op 2 B/op\n", 0, bench.OK, ""},
		"cut off":    {"BenchmarkX 10 5 ns/op 2 B", 0, bench.InternalError, "line 1"},
		"no report":  {"hello\n", 0, bench.InternalError, "can't be read"},
		"over limit": {"BenchmarkX 10 5 ns/op\n", 7, bench.OutputLimit, "output limit"},
	} {
		bubble(t, func(t *testing.T) {
			b := &backend{run: func(ctx context.Context, exec sandbox.Exec, _ int) (*sandbox.Outcome, error) {
				o := lasting(ctx, exec, time.Millisecond)
				o.Output.Stdout = []byte(c.printed)
				o.StdoutProduced = int64(len(c.printed)) + c.dropped
				return o, nil
			}}
			m, _ := execute(t, b, plan(func(p *bench.Plan) { p.Kind = bench.KindReport }))
			if m.Verdict != c.verdict || !strings.Contains(m.Error, c.says) || len(m.Samples) != 1 {
				t.Errorf("%s: %s, %q, %d samples", name, m.Verdict, m.Error, len(m.Samples))
			}
			if (m.Report != nil) != (c.verdict == bench.OK) {
				t.Fatalf("%s: stored %v", name, m.Report)
			}
			if m.Report == nil {
				return
			}
			read, err := report.Restore(m.Report)
			if err != nil || read.Results[0].Name != "X" || m.Report.Metrics != 3 {
				t.Errorf("%s: %+v, %v", name, read, err)
			}
		})
	}
}
