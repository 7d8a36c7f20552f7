package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"benchcell/internal/bench"
)

// revision is replaced by the folder that has it.
const revision = "{rev}"

// revisionTexts are the commands that may name it.
func revisionTexts(b *bench.Benchmark) []*[]string {
	return []*[]string{&b.Command, &b.Setup, &b.Prepare, &b.Conclude, &b.Cleanup}
}

func mentionsRevision(b *bench.Benchmark) bool {
	text := b.Dir
	for _, argv := range revisionTexts(b) {
		text += strings.Join(*argv, " ")
	}
	for _, value := range b.Env {
		text += value
	}
	return strings.Contains(text, revision)
}

// atRevision is the benchmark with the folder in place of {rev}.
func atRevision(b bench.Benchmark, folder string) bench.Benchmark {
	for _, argv := range revisionTexts(&b) {
		filled := make([]string, len(*argv))
		for i, word := range *argv {
			filled[i] = strings.ReplaceAll(word, revision, folder)
		}
		if *argv != nil {
			*argv = filled
		}
	}
	if _, below, ok := strings.Cut(b.Dir, revision); ok { // which was taken for a relative one
		b.Dir = folder + below
	}
	env := map[string]string{}
	for key, value := range b.Env {
		env[key] = strings.ReplaceAll(value, revision, folder)
	}
	b.Env = env
	return b
}

// atRevisions checks both revisions out, if there are any, while do is at work.
func (f compareFlags) atRevisions(ctx context.Context, sides *[2]compareSide, do func() error) (err error) {
	if f.revA == "" {
		return do()
	}
	temp, remove, err := tempFolder("compare", forgetWorktrees)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	for i, rev := range []string{f.revA, f.revB} {
		folder := filepath.Join(temp, string("ab"[i]))
		if err := worktree(ctx, "add", "--detach", "--quiet", folder, rev); err != nil {
			return fmt.Errorf("revision %s: %w", rev, err)
		}
		// A Ctrl-C has ended ctx by then.
		defer func() {
			err = errors.Join(err, worktree(context.WithoutCancel(ctx), "remove", "--force", folder))
		}()
		s := &sides[i]
		s.name += " at " + rev
		s.order.Benchmark = atRevision(s.order.Benchmark, folder)
	}
	return do()
}

// forgetWorktrees has the repositories of a killed comparison forget its folders.
func forgetWorktrees(temp string) {
	for _, side := range []string{"a", "b"} {
		folder := filepath.Join(temp, side)
		_ = exec.CommandContext(context.Background(), "git", "-C", folder, "worktree", "remove", "--force", "--force", folder).Run() //nolint:gosec // our own
	}
}

func worktree(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "git", append([]string{"worktree"}, args...)...) //nolint:gosec // what the caller asks for
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }         // killed, it would leave a folder that it has locked
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("git worktree %s: %w: %s", args[0], err, strings.TrimSpace(string(out)))
	}
	return nil
}
