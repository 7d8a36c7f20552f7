package container

import (
	"context"
	"slices"
	"strings"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/runner"
)

// ownKernels are runtimes that put a kernel of their own between a program and
// the host's, as their names are registered with an engine.
var ownKernels = []string{"runsc", "gvisor", "kata"}

func ownKernel(runtime string) bool {
	return slices.ContainsFunc(ownKernels, func(name string) bool { return strings.Contains(runtime, name) })
}

// gvisor is taken for strangers' code wherever the engine has it.
const gvisor = "runsc"

// runtime is the OCI runtime for a run, "" for the engine's default: what is
// configured, otherwise the strongest for strangers' code.
func (b *Backend) runtime(info *engineInfo, trusted bool) string {
	if b.config.Runtime == "" && !trusted && info != nil && info.Runtimes[gvisor] {
		return gvisor
	}
	return b.config.Runtime
}

// demand refuses strangers' code less than what the configuration asks for.
func (b *Backend) demand(runtime string) error {
	if b.config.Minimum == bench.MinimumOwnKernel && !ownKernel(runtime) {
		return sandbox.Unavailable("register gVisor's runsc with the engine, or change untrusted.minimum",
			"untrusted.minimum asks for a kernel of its own, and the containers here share the host's")
	}
	return nil
}

// recentRuntime is the runtime by what the engine said last; without an engine
// nothing is made anyway.
func (b *Backend) recentRuntime(trusted bool) string {
	if b.broken != nil {
		return b.config.Runtime
	}
	info, _ := b.engine.recentInfo(context.Background())
	return b.runtime(info, trusted)
}

// kernelOf says whose kernel a program talks to.
func kernelOf(runtime string) bench.Receipt {
	if ownKernel(runtime) {
		return runner.Kernel("own, by " + runtime)
	}
	return runner.Kernel("")
}
