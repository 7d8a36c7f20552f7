//go:build linux

package process

import (
	"context"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/cgroup"
)

// Probe implements sandbox.Backend.
func (b *Backend) Probe(ctx context.Context) sandbox.Capabilities {
	c := sandbox.Capabilities{Backend: bench.Process, Available: b.broken == nil}
	if b.broken != nil {
		c.Reason, c.Remedy = b.broken.Error(), "make build"
	}
	yes := func(name, mechanism string) {
		c.Details = append(c.Details, sandbox.Detail{Name: name, Available: true, Mechanism: mechanism})
	}
	yes(bench.LimitTimeout, "SIGTERM, grace, SIGKILL to the whole tree")
	yes(bench.LimitCPUTime, "CPU clocks of the tree, read by the runner")
	yes(bench.LimitOutput, "bytes kept of each stream")
	yes(bench.LimitDisk, "RLIMIT_FSIZE, for each file")
	c.Details = append(c.Details,
		b.group(bench.LimitMemory, "memory"), b.group(bench.LimitCPUs, "cpu"), b.group(bench.LimitPids, "pids"))
	if b.broken == nil {
		b.probeSandbox(ctx, &c)
	}
	c.Details = append(c.Details, b.figures()...)
	return c
}

func (b *Backend) figures() []sandbox.Detail {
	list := []sandbox.Detail{
		{Name: "maxRSS", Available: true, Mechanism: "wait4 in the runner"},
		{Name: "cpuTime", Available: true, Mechanism: "wait4 in the runner, checked against the control group"},
		b.group("treePeak", "memory"), b.group("throttling", "cpu"),
	}
	for i := range list {
		list[i].Measured = true
	}
	return list
}

// probeSandbox adds what a sandbox here proves, and whether that is enough for
// strangers' code, all of whose limits are strict.
func (b *Backend) probeSandbox(ctx context.Context, c *sandbox.Capabilities) {
	p := b.prove(ctx)
	if p.failed != nil {
		c.Details = append(c.Details, sandbox.Detail{Name: "sandbox", Remedy: p.failed.Error() + ": " + sandboxRemedy()})
		return
	}
	c.Details = append(c.Details, sandbox.Detail{Name: "sandbox", Available: true, Mechanism: "namespaces and a root of its own, for strangers' code always"})
	for _, line := range p.list {
		c.Details = append(c.Details, sandbox.Detail{Name: line.Name, Available: line.Seen != "", Mechanism: line.Seen + ", read back from " + line.How})
	}
	if b.config.Warm > 0 {
		c.Pool = &sandbox.PoolState{Ready: b.pool.Ready(b.fresh()), Most: b.config.Warm}
	}
	c.Untrusted = b.config.Minimum == bench.MinimumSandbox &&
		b.place.Controls("memory") && b.place.Controls("cpu") && b.place.Controls("pids")
}

func (b *Backend) group(name, controller string) sandbox.Detail {
	d := sandbox.Detail{Name: name, Available: b.place.Controls(controller)}
	switch {
	case d.Available:
		d.Mechanism = "cgroup " + string(b.place.Mode) + ", controller " + controller + ", below " + b.place.Parent()
	case b.noGroup != nil:
		d.Remedy = b.noGroup.Error()
	case b.place.Mode == cgroup.V2:
		d.Remedy = "the controller " + controller + " is not handed down to " + b.place.Parent() +
			": delegate it ('Delegate=yes' in the service, or 'systemd-run --user --scope -p Delegate=yes')"
	default:
		d.Remedy = "mount the cgroup controller " + controller
	}
	return d
}

// CgroupMode is how this host mounts control groups.
func (b *Backend) CgroupMode() string {
	if b.place == nil {
		return string(cgroup.None)
	}
	return string(b.place.Mode)
}
