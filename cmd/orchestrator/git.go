package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"benchcell/internal/bench"
)

const (
	gitTime = 3 * time.Second // for all that is asked of git
	gitMost = 64 << 10        // bytes of an answer: it need not be read whole
)

// gitRevision is what git says of a folder; nil where it is no repository, or git
// is not there. An error is for a reader: no run fails of it.
func gitRevision(ctx context.Context, dir string) (*bench.Revision, error) {
	ctx, cancel := context.WithTimeout(ctx, gitTime)
	defer cancel()
	status, err := git(ctx, dir, "status", "--porcelain=v2", "--branch", "--untracked-files=no")
	if err != nil {
		return nil, ctx.Err()
	}
	r := parseStatus(status)
	if r == nil {
		return nil, nil //nolint:nilnil // nothing is committed yet
	}
	log, err := git(ctx, dir, "log", "-1", "--decorate-refs=refs/tags/", "--format=%ct%n%D")
	if err != nil {
		return r, ctx.Err()
	}
	at, tags := parseLog(log)
	r.Tags = tags
	if err := r.Validate(); err != nil {
		return nil, err
	}
	if ahead := time.Until(at); ahead > time.Hour {
		return r, fmt.Errorf("commit %.12s is dated %s, which is yet to come: a clock is wrong", r.Commit, at.UTC().Format(time.RFC3339))
	}
	return r, nil
}

// gitBase is the commit where the code left the branch that it is to go to: target,
// or the one that a clone begins with. It is empty for what lies on that branch
// itself, and where the clone is too shallow to say.
func gitBase(ctx context.Context, dir, commit, target string) string {
	others := []string{"refs/remotes/origin/HEAD", "refs/heads/main", "refs/heads/master"}
	if target != "" {
		others = []string{"refs/remotes/origin/" + target, "refs/heads/" + target}
	}
	ctx, cancel := context.WithTimeout(ctx, gitTime)
	defer cancel()
	for _, other := range others {
		out, err := git(ctx, dir, "merge-base", commit, other)
		if base := strings.TrimSpace(out); err == nil && (&bench.Revision{Commit: base}).Validate() == nil {
			if strings.HasPrefix(base, commit) {
				return ""
			}
			return base
		}
	}
	return ""
}

// git asks without taking locks, and without starting what the repository's own
// configuration names.
func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "core.fsmonitor=false", "-c", "log.showSignature=false"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
	cmd.WaitDelay = time.Second
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := cmd.Start(); err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(pipe, gitMost))
	_, _ = io.Copy(io.Discard, pipe) // so that it ends by itself
	if wait := cmd.Wait(); wait != nil {
		return "", wait
	}
	return string(text), err
}

// parseStatus reads the second format of git status; nil without a commit.
func parseStatus(text string) *bench.Revision {
	var r bench.Revision
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if oid, ok := strings.CutPrefix(line, "# branch.oid "); ok {
			r.Commit = oid
		} else if head, ok := strings.CutPrefix(line, "# branch.head "); ok {
			r.Branch = head
		} else if line != "" && !strings.HasPrefix(line, "#") {
			r.Dirty = true
		}
	}
	if r.Branch == "(detached)" {
		r.Branch = ""
	}
	if r.Validate() != nil { // "(initial)", or no git at all
		return nil
	}
	return &r
}

// parseLog reads when the commit was made and its tags: "tag: v1, tag: v2".
func parseLog(text string) (at time.Time, tags []string) {
	date, refs, _ := strings.Cut(text, "\n")
	seconds, err := strconv.ParseInt(date, 10, 64)
	if err == nil {
		at = time.Unix(seconds, 0)
	}
	for _, ref := range strings.Split(strings.TrimSpace(refs), ", ") {
		if tag, ok := strings.CutPrefix(ref, "tag: "); ok && len(tags) < mostTags {
			tags = append(tags, tag)
		}
	}
	return at, tags
}

// mostTags of a commit are kept.
const mostTags = 16
