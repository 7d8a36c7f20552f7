package container

import (
	"context"
	"errors"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// Probe implements sandbox.Backend.
func (b *Backend) Probe(ctx context.Context) sandbox.Capabilities {
	c := sandbox.Capabilities{Backend: bench.Container, Untrusted: true}
	info, err := b.reach(ctx)
	if err != nil {
		c.Reason = err.Error()
		var e *bench.Error
		if errors.As(err, &e) {
			c.Reason, c.Remedy = e.Message, e.Hint
		}
		return c
	}
	c.Available = true
	yes := func(name, mechanism string) {
		c.Details = append(c.Details, sandbox.Detail{Name: name, Available: true, Mechanism: mechanism})
	}
	engine := "engine " + info.Version
	if info.Rootless {
		engine += ", rootless"
	}
	yes("engine", engine)
	c.Pool = &sandbox.PoolState{Ready: b.pool.Waiting(), Most: b.config.Warm}
	yes(bench.LimitTimeout, "SIGTERM, grace, SIGKILL to the whole tree; the engine's kill last")
	yes(bench.LimitMemory, "cgroup, swap included")
	yes(bench.LimitCPUs, "cgroup quota")
	yes(bench.LimitPids, "cgroup")
	yes(bench.LimitCPUTime, "CPU clocks of the tree, read by the runner")
	yes(bench.LimitOutput, "bytes kept of each stream")
	yes(bench.LimitDisk, "tmpfs size of /work and /tmp, each")
	yes("network", "none but loopback")
	yes("root", "read-only")
	yes("capabilities", "none, and no new privileges")
	c.Details = append(c.Details, b.systemCalls(info), b.kernel(info))
	c.Untrusted = b.demand(b.runtime(info, false)) == nil
	c.Details = append(c.Details,
		sandbox.Detail{Name: "maxRSS", Measured: true, Available: true, Mechanism: "peak of the cgroup"},
		sandbox.Detail{Name: "cpuTime", Measured: true, Available: true, Mechanism: "wait4 in the runner, checked against the cgroup"})
	return c
}

// reach asks the engine, and whether it has what the configuration wants.
func (b *Backend) reach(ctx context.Context) (*engineInfo, error) {
	if b.broken != nil {
		return nil, b.broken
	}
	if b.config.Runner.Size() == 0 {
		return nil, sandbox.Unavailable("make build", "the programs for containers were not built into this binary")
	}
	info, err := b.engine.info(ctx)
	if err != nil {
		return nil, err
	}
	return info, hasRuntime(info, b.config.Runtime)
}

func hasRuntime(info *engineInfo, runtime string) error {
	if runtime != "" && !info.Runtimes[runtime] {
		return sandbox.Unavailable("register it with the engine, or change isolation.container.runtime", "the engine has no runtime %q", runtime)
	}
	return nil
}

// kernel says whether strangers' code gets one of its own.
func (b *Backend) kernel(info *engineInfo) sandbox.Detail {
	if r := b.runtime(info, false); ownKernel(r) {
		return sandbox.Detail{Name: "own kernel", Available: true, Mechanism: "runtime " + r + ", for strangers' code"}
	}
	return sandbox.Detail{Name: "own kernel", Remedy: "the host's kernel is shared: register gVisor's runsc with the engine"}
}

func (*Backend) systemCalls(info *engineInfo) sandbox.Detail {
	d := sandbox.Detail{Name: "system calls", Available: info.Seccomp, Mechanism: "seccomp, our own profile"}
	if !info.Seccomp {
		d.Mechanism, d.Remedy = "", "use an engine and a kernel with seccomp"
	}
	return d
}
