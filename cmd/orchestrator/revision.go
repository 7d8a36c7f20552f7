package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"benchcell/internal/bench"
)

// revisionFlags say what code is measured. What they leave open is found out.
type revisionFlags struct {
	branch, commit, base string
	tags                 []string
}

func (f *revisionFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.commit, "commit", "", "commit that is measured (default: what the CI system says, or git)")
	flags.StringVar(&f.branch, "branch", "", "branch that it is on")
	flags.StringVar(&f.base, "base", "", "commit where the branch began, for --baseline branch-point (default: what the CI system says, or git merge-base)")
	flags.StringArrayVar(&f.tags, "tag", nil, "name of the commit, like v1.2; may be repeated")
}

func (f *revisionFlags) stated() bool {
	return f.commit != "" || f.branch != "" || f.base != "" || len(f.tags) > 0
}

// revisions finds out what code lies in each folder, once.
type revisions struct {
	flags revisionFlags
	warn  func(format string, args ...any)
	ci    *bench.Revision
	// target is the branch that a proposal is to go to, as the CI system says.
	target string
	known  map[string]*bench.Revision
}

func newRevisions(f revisionFlags, getenv func(string) string, warn func(string, ...any)) *revisions {
	r := &revisions{flags: f, warn: warn, known: map[string]*bench.Revision{}}
	ci, target, err := ciRevision(getenv)
	if err != nil {
		warn("what the CI system says of the commit is left out: %v", err)
		ci = nil
	}
	r.ci, r.target = ci, target
	return r
}

// of a folder: the flags come before the CI system, and that before git. Only
// what the flags say can be wrong; the rest is left out with a warning.
func (r *revisions) of(ctx context.Context, dir string) (*bench.Revision, error) {
	var found bench.Revision
	if r.flags.commit == "" {
		switch v := r.detected(ctx, dir); {
		case v != nil:
			found = *v
		case r.flags.stated():
			return nil, errors.New("--branch, --base and --tag need a commit, and none was found: state --commit")
		default:
			return nil, nil //nolint:nilnil // nobody says
		}
	}
	if r.flags.commit != "" {
		found.Commit = r.flags.commit
	}
	if r.flags.branch != "" {
		found.Branch = r.flags.branch
	}
	if r.flags.base != "" {
		found.Base = r.flags.base
	}
	if len(r.flags.tags) > 0 {
		found.Tags = r.flags.tags
	}
	found.Tags = append([]string{}, found.Tags...) // never null
	if err := found.Validate(); err != nil {
		return nil, fmt.Errorf("--commit, --branch, --base, --tag: %w", err)
	}
	return &found, nil
}

func (r *revisions) detected(ctx context.Context, dir string) *bench.Revision {
	if v, ok := r.known[dir]; ok {
		return v
	}
	v := r.ci
	if v == nil {
		var err error
		if v, err = gitRevision(ctx, dir); err != nil {
			r.warn("git in %s: %v", dir, err)
		}
	}
	if v != nil && v.Base == "" {
		known := *v
		known.Base = gitBase(ctx, dir, v.Commit, r.target)
		v = &known
	}
	r.known[dir] = v
	return v
}
