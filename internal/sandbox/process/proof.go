//go:build linux

package process

import (
	"context"

	"benchcell/internal/sandbox/runner"
)

// proof is what came of the last attempt to make a sandbox.
type proof struct {
	list   []runner.Protection
	failed error
}

func (b *Backend) remember(w *worker, err error) {
	p := &proof{failed: err}
	if w != nil {
		p.list = w.proof
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.proof = p
}

// prove makes a sandbox to see what this machine gives, unless one was made.
func (b *Backend) prove(ctx context.Context) *proof {
	b.mu.Lock()
	p := b.proof
	b.mu.Unlock()
	if p == nil || p.failed != nil {
		w, err := b.start(ctx, kind{size: fileSize(max(b.config.Size, 1<<20)), sandboxed: true})
		if err == nil {
			w.destroy()
		}
		b.mu.Lock()
		p = b.proof
		b.mu.Unlock()
	}
	return p
}
