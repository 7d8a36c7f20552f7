package report

import (
	"slices"
	"strconv"
	"time"

	"benchcell/internal/bench"
)

// Runs is the Format of a Report of runs of our own.
const Runs = "benchcell-run"

// FromRun makes a report of a run and its samples. Warm-ups are left out. So is
// the time of a sample that failed, which says nothing; the run is then among
// the failures too. The labels hold what must be alike for two runs to be
// compared, the context what differs from run to run.
func FromRun(run *bench.Run, samples []bench.Sample) *Report {
	r := &Report{Version: 1, Format: Runs, Context: runContext(run), Results: []Result{}}
	result := Result{Name: run.Benchmark, Labels: runLabels(run)}
	result.Metrics = append(sampled(run, samples), whole(&run.ResourceUsage)...)
	if len(result.Metrics) > 0 {
		r.Results = append(r.Results, result)
	}
	if run.Verdict != nil && *run.Verdict != bench.OK {
		message := string(*run.Verdict)
		if run.Error != nil {
			message += ": " + *run.Error
		}
		r.Failures = append(r.Failures, Failure{run.Benchmark, message})
	}
	return r
}

func runLabels(run *bench.Run) map[string]string {
	labels := map[string]string{"category": run.Category, "kind": string(run.Kind)}
	if run.Machine != nil {
		labels["machine"] = *run.Machine
	}
	if run.Isolation.Effective != nil {
		labels["isolation"] = string(*run.Isolation.Effective)
	}
	return labels
}

func runContext(run *bench.Run) map[string]string {
	context := map[string]string{
		"run": run.ID, "slug": run.Slug, "definition": run.Definition, "state": string(run.State),
		"requested isolation": string(run.Isolation.Requested), "created": run.CreatedAt.Format(time.RFC3339Nano),
	}
	if run.Verdict != nil {
		context["verdict"] = string(*run.Verdict)
	}
	if run.Rating != nil {
		context["rating"] = string(*run.Rating)
	}
	if run.Target != nil {
		context["target in ms"] = strconv.FormatFloat(*run.Target, 'g', -1, 64)
	}
	if run.Time.Source != nil {
		context["time by"] = *run.Time.Source
	}
	for _, w := range run.Warnings {
		context["warning "+w.Code] = w.Message
	}
	return context
}

// sampled are the metrics of the timed samples, with what was computed of them.
func sampled(run *bench.Run, samples []bench.Sample) []Metric {
	wall, cpu := newMetric("time", "ms"), newMetric("cpu", "us")
	memory, exit := newMetric("maxRSS", "B"), newMetric("exitCode", "")
	for _, s := range samples {
		if s.Warmup || s.SetAside {
			continue
		}
		if len(wall.Samples) < run.Time.N {
			wall.Samples = append(wall.Samples, s.Wall)
		}
		if s.CPU != nil {
			cpu.Samples = append(cpu.Samples, *s.CPU)
		}
		if s.MaxRSS != nil {
			memory.Samples = append(memory.Samples, float64(*s.MaxRSS))
		}
		if s.ExitCode != nil {
			exit.Samples = append(exit.Samples, float64(*s.ExitCode))
		}
	}
	stat(&wall, "median", run.Time.Median)
	stat(&wall, "mean", run.Time.Mean)
	stat(&wall, "min", run.Time.Min)
	stat(&wall, "max", run.Time.Max)
	stat(&wall, "stddev", run.Time.Stddev)
	stat(&wall, "ciLow", run.Time.CILow)
	stat(&wall, "ciHigh", run.Time.CIHigh)
	stat(&memory, "max", run.ResourceUsage.MaxRSS)
	return measured(wall, cpu, memory, exit)
}

// whole are the figures of the run as a whole, by their names in its JSON.
func whole(u *bench.ResourceUsage) []Metric {
	one := func(name, unit string, value *int64) Metric {
		m := newMetric(name, unit)
		stat(&m, "total", value)
		return m
	}
	execution := newMetric("executionTime", "ms")
	stat(&execution, "total", u.ExecutionTime)
	return measured(
		execution,
		one("cpuTime.user", "us", u.CPUTime.User),
		one("cpuTime.system", "us", u.CPUTime.System),
		one("treePeak", "B", u.TreePeak),
		one("tree.files", "B", u.Tree.Files),
		one("tree.pidsPeak", "", u.Tree.PidsPeak),
		one("tree.blockRead", "B", u.Tree.BlockRead),
		one("tree.blockWritten", "B", u.Tree.BlockWritten),
		one("tree.stallCPU", "us", u.Tree.StallCPU),
		one("tree.stallMemory", "us", u.Tree.StallMemory),
		one("tree.stallIO", "us", u.Tree.StallIO),
	)
}

// stat sets a statistic that was measured.
func stat[N int64 | float64](m *Metric, name string, value *N) {
	if value != nil {
		set(&m.Stats, name, float64(*value))
	}
}

// measured leaves out the metrics that were not: null is no figure.
func measured(metrics ...Metric) []Metric {
	return slices.DeleteFunc(metrics, func(m Metric) bool { return len(m.Samples)+len(m.Stats) == 0 })
}
