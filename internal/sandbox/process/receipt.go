//go:build linux

package process

import (
	"context"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/runner"
	"benchcell/internal/sandbox/weaken"
)

// verify refuses a session whose strict limits are not in force.
func (s *session) verify() error {
	for _, r := range s.worker.inForce.Receipt(s.spec.Limits) {
		if s.spec.Strict[r.Limit] && r.Effective == nil && !weaken.Off(r.Limit) {
			return sandbox.Unavailable("see 'orchestrator doctor' for what mends it, or use container isolation",
				"limit %s can't be enforced for a process here", r.Limit)
		}
	}
	return nil
}

// receipt has what the group, the runner and the sandbox enforce; of a plain
// process it says that there is none.
func (s *session) receipt() []bench.Receipt {
	lines := append(s.worker.inForce.Receipt(s.spec.Limits), runner.Receipt(s.spec.Limits, s.rlimits)...)
	if !s.kind.sandboxed {
		return append(lines, bench.Receipt{Limit: "sandbox", Requested: "off"})
	}
	s.worker.view.RestateDisk(lines)
	return append(append(lines, runner.Proof(s.worker.proof)...), runner.Kernel(""))
}

// Account implements sandbox.Session.
func (s *session) Account(context.Context) sandbox.Account {
	account := sandbox.Account{
		Receipt: s.receipt(),
		Cold:    s.kind.sandboxed && !s.warm,
	}
	if s.spec.Measured && !s.lost {
		account.Receipt = append(account.Receipt, runner.CPUSet(&s.spec, runner.HowPinned(s.loose), runner.Allowed(s.worker.cmd.Process.Pid)))
	}
	if s.worker.group != nil {
		now := s.worker.group.Totals()
		account.Tree = s.worker.totals.Tree(now)
		s.worker.totals = now
	}
	return account
}
