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
		return "sched_setaffinity in the runner, read back from the kernel"
	}
	return "cgroup cpuset.cpus, read back from the kernel"
}

// LimitCPUSet names the processors of a run in receipts.
const LimitCPUSet = "cpuset"

// Allowed asks the runner which processors its kernel lets it use.
func (c *Conn) Allowed(ctx context.Context) string {
	texts, err := c.ReadInside(ctx, []string{"/proc/thread-self/status"})
	if err != nil {
		return ""
	}
	return statusOf(texts[0])["Cpus_allowed_list"]
}

// CPUSet says on which processors programs of a runner run: what was asked, and
// those that the kernel allows. It is no bound that must hold: a run on other
// processors is disturbed sooner, and still a run.
func CPUSet(spec *sandbox.Spec, mechanism, allowed string) bench.Receipt {
	r := bench.Receipt{Limit: LimitCPUSet, Mechanism: &mechanism}
	if len(spec.CPUs) > 0 {
		r.Requested = strings.ReplaceAll(strings.Trim(fmt.Sprint(spec.CPUs), "[]"), " ", ",")
	} else {
		mechanism = "every processor: " + spec.WhyAll
	}
	if allowed != "" {
		r.Effective = allowed
	}
	return r
}
