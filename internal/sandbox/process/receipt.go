//go:build linux

package process

import (
	"context"

	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/runner"
)

// verify refuses a session whose strict limits are not in force.
func (s *session) verify() error {
	for _, r := range s.worker.inForce.Receipt(s.spec.Limits) {
		if s.spec.Strict[r.Limit] && r.Effective == nil {
			return sandbox.Unavailable("see 'orchestrator doctor' for what mends it, or use container isolation",
				"limit %s can't be enforced for a process here", r.Limit)
		}
	}
	return nil
}

// Account implements sandbox.Session.
func (s *session) Account(ctx context.Context) sandbox.Account {
	account := sandbox.Account{
		Receipt: append(s.worker.inForce.Receipt(s.spec.Limits), runner.Receipt(s.spec.Limits, openFiles, s.rlimits)...),
	}
	if s.spec.Measured && !s.lost {
		account.Receipt = append(account.Receipt, s.worker.conn.CPUSet(ctx, &s.spec, runner.HowPinned(s.loose)))
	}
	if s.worker.group != nil {
		now := s.worker.group.Totals()
		account.Tree = s.worker.totals.Tree(now, s.last)
		s.worker.totals = now
	}
	return account
}
