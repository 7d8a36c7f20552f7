package runner

import (
	"context"
	"fmt"
	"strings"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// CPUs states processors in a job's terms.
func CPUs(ids []int) []int64 {
	var list []int64
	for _, id := range ids {
		list = append(list, int64(id))
	}
	return list
}

// HowPinned names what keeps a program on its processors. The affinity is not
// kept from a program that changes it.
func HowPinned(loose bool) string {
	if loose {
		return "sched_setaffinity in the runner, read back from /proc"
	}
	return "cgroup cpuset.cpus, read back from /proc"
}

// LimitCPUSet names the processors of a run in receipts.
const LimitCPUSet = "cpuset"

// Status asks the runner what the kernel says of the thread that starts its programs.
func (c *Conn) Status(ctx context.Context) string {
	texts, err := c.ReadInside(ctx, []string{"/proc/thread-self/status"})
	if err != nil {
		return ""
	}
	return texts[0]
}

// CPUSet says on which processors programs of a runner run: what was asked, and
// what the kernel says of the thread that starts them in its status. It is no bound
// that must hold: a run on other processors is disturbed sooner, and still a run.
func CPUSet(spec *sandbox.Spec, mechanism, status string) bench.Receipt {
	r := bench.Receipt{Limit: LimitCPUSet, Mechanism: &mechanism}
	if len(spec.CPUs) > 0 {
		r.Requested = strings.ReplaceAll(strings.Trim(fmt.Sprint(spec.CPUs), "[]"), " ", ",")
	} else {
		mechanism = "every processor: " + spec.WhyAll
	}
	for text := range strings.Lines(status) {
		if allowed, ok := strings.CutPrefix(text, "Cpus_allowed_list:"); ok {
			r.Effective = strings.TrimSpace(allowed)
		}
	}
	return r
}
