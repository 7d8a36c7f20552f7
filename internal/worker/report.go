package worker

import (
	"bytes"
	"context"
	"fmt"

	"benchcell/internal/bench"
	"benchcell/internal/report"
)

// report executes a program that prints another tool's results, and keeps them.
func (t *taking) report(ctx context.Context) (bool, error) {
	ok, err := t.sample(ctx)
	if ok && err == nil {
		t.readReport()
	}
	return ok && t.m.Verdict == bench.OK, err
}

// readReport takes the results that a program printed: whole, or none.
func (t *taking) readReport() {
	printed := t.m.Output.Stdout
	if t.m.Produced[0] > int64(len(printed)) {
		t.m.Verdict = bench.OutputLimit
		t.m.Error = fmt.Sprintf("The report has %d bytes and the output limit is %d.", t.m.Produced[0], t.plan.Enforce.Output)
		return
	}
	read, err := report.Parse(bytes.NewReader(printed), "")
	if err == nil {
		t.m.Report, err = read.Stored(t.run.ID, t.plan.Name, t.run.CreatedAt)
	}
	if err != nil {
		t.m.Verdict, t.m.Error = bench.InternalError, "The report can't be read: "+err.Error()
	}
}
