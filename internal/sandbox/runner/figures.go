package runner

import (
	"fmt"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/runner/frame"
)

// CrossCheck compares the CPU time that the control group counted, the runner's
// own taken off, with that of the reaped processes. Where they disagree the
// group is right: it also counts what was never waited for, and so was hidden from
// the limit of CPU time. source names the group's file.
func (r *Report) CrossCheck(o *sandbox.Outcome, job *frame.Job, counted *int64, source string) {
	cpu := "wait4 rusage"
	o.Sources.CPUTime = &cpu
	if counted == nil {
		return
	}
	tree, reaped := max(time.Duration(*counted-r.RunnerTime), 0), o.CPU.Total()
	if !disagree(tree, reaped) {
		return
	}
	cpu = source + ", the runner's share taken off"
	o.CPU.User += tree - reaped
	if limit := time.Duration(job.CPUTime); limit > 0 && tree > limit && hidesCPU[o.Verdict] {
		name := bench.LimitCPUTime
		o.Verdict, o.Evidence.LimitReached = bench.CPULimit, &name
	}
	o.Notes = append(o.Notes, bench.Warning{
		Code: "cpu_sources_disagree",
		Message: fmt.Sprintf("The control group counted %v of CPU time, the reaped processes %v; the group's figure is shown. "+
			"The program probably ignores the end of its children.", tree.Round(time.Microsecond), reaped.Round(time.Microsecond)),
	})
}

// hidesCPU are the ends that a program could have come to only by more CPU time than
// it was given. The others had a cause of their own before.
var hidesCPU = map[bench.Verdict]bool{bench.OK: true, bench.NonzeroExit: true, bench.Signaled: true, bench.Timeout: true}

// disagree is the yardstick of cross-checks: more than 5 % and 5 ms apart.
func disagree(a, b time.Duration) bool {
	apart := (a - b).Abs()
	return apart > 5*time.Millisecond && apart > max(a, b)/20
}

// Receipt says what the runner itself enforces. inForce is the result of a job,
// with the rlimits as read back; nil if none was started.
func Receipt(want bench.Limits, inForce *frame.Result) []bench.Receipt {
	lines := []bench.Receipt{line(bench.LimitOutput, want.Output, "runner, bytes kept of each stream", want.Output)}
	if want.CPUTime > 0 {
		lines = append(lines, line(bench.LimitCPUTime, want.CPUTime, "runner, CPU clocks of the tree", want.CPUTime))
	}
	if inForce == nil {
		return append(lines, bench.Receipt{Limit: bench.LimitDisk, Requested: want.Disk})
	}
	return append(lines,
		line(bench.LimitDisk, want.Disk, "RLIMIT_FSIZE, for each file", inForce.FileSize),
		line(bench.LimitOpenFiles, OpenFiles, "RLIMIT_NOFILE", inForce.OpenFiles),
		line(bench.LimitCore, 0, "RLIMIT_CORE", inForce.Core))
}

func line(limit string, requested any, mechanism string, effective any) bench.Receipt {
	return bench.Receipt{Limit: limit, Requested: requested, Mechanism: &mechanism, Effective: effective}
}
