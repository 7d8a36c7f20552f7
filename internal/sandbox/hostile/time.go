package hostile

import (
	"fmt"
	"time"

	"benchcell/internal/bench"
)

var timeCases = []Case{
	{
		Name: "cpu-spin", Does: "burns CPU without end", On: every,
		Limits: bench.Limits{CPUTime: 400}, Timeout: 5 * time.Second, Verdicts: ends(bench.CPULimit),
		Defence: "cpu-time", Judge: all(cpuAtLeast(350*time.Millisecond), killed),
	},
	{
		Name: "cpu-disowned", Does: "burns CPU in children whose ends it ignores", On: every, Groups: true,
		Limits: bench.Limits{CPUTime: 400}, Timeout: 8 * time.Second, Verdicts: ends(bench.CPULimit),
		Defence: "group", Instead: notInContainers, Judge: cpuAtLeast(600 * time.Millisecond),
	},
	{
		Name: "headless", Does: "ends its first thread and burns CPU in another", On: every,
		Limits: bench.Limits{CPUTime: 400}, Timeout: 5 * time.Second, Verdicts: ends(bench.CPULimit),
		Defence: "cpu-time", Judge: all(cpuAtLeast(350*time.Millisecond), killed),
	},
	{
		Name: "sleep-forever", Does: "sleeps long past its timeout", On: every,
		Timeout: 400 * time.Millisecond, Verdicts: ends(bench.Timeout), Defence: "timeout",
	},
	{
		Name: "says-bye", Does: "ends in order when it is asked to", On: every,
		Timeout: 300 * time.Millisecond, Grace: 3 * time.Second, Verdicts: ends(bench.Timeout),
		Defence: "sigterm", Judge: all(says("last words", "bye"), notKilled),
	},
	{
		Name: "deaf", Does: "ignores SIGTERM", On: every,
		Timeout: 300 * time.Millisecond, Verdicts: ends(bench.Timeout), Defence: "kill", Judge: killed,
	},
	{
		Name: "stopped", Does: "ignores SIGTERM and stops itself", On: every,
		Timeout: 300 * time.Millisecond, Verdicts: ends(bench.Timeout), Defence: "kill", Judge: killed,
	},
	{
		Name: "forks-on-term", Does: "answers SIGTERM with fifty children", On: every,
		Timeout: 300 * time.Millisecond, Verdicts: ends(bench.Timeout), Defence: "kill", Judge: killed,
	},
	{
		Name: "cpu-share", Does: "wants more of a processor than it was given", On: every, Groups: true,
		Limits: bench.Limits{CPUs: 0.1}, Verdicts: ends(bench.OK), Defence: "cpus", Judge: throttled,
	},
}

func cpuAtLeast(want time.Duration) func(*Trial) error {
	return func(t *Trial) error {
		if cpu := t.Outcome.CPU; cpu == nil || cpu.Total() < want {
			return fmt.Errorf("%v of CPU time were counted, and it has used %v", cpu, want)
		}
		return nil
	}
}

func killed(t *Trial) error {
	if !t.happened(bench.EventSigkill) {
		return fmt.Errorf("it was not killed")
	}
	return nil
}

func notKilled(t *Trial) error {
	if t.happened(bench.EventSigkill) {
		return fmt.Errorf("it was killed although it ended in time")
	}
	return nil
}

// throttled believes the kernel's count of held periods, and the clocks.
func throttled(t *Trial) error {
	o := t.Outcome
	if above(o.Evidence.ThrottledPeriods) < 1 {
		return fmt.Errorf("the kernel has held it in no period")
	}
	if share := float64(o.CPU.Total()) / float64(o.Wall); share > 0.25 {
		return fmt.Errorf("it had %.2f of a processor, and was given 0.1", share)
	}
	return nil
}
