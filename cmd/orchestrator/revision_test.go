package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const aCommit = "0123456789abcdef0123456789abcdef01234567"

func TestCISystemsSayWhatTheyBuild(t *testing.T) {
	for _, c := range []struct{ env, want string }{
		{"GITHUB_ACTIONS=true GITHUB_SHA=% GITHUB_REF_NAME=main", "main []"},
		{"GITHUB_ACTIONS=true GITHUB_SHA=% GITHUB_REF_NAME=7/merge GITHUB_HEAD_REF=fix", "fix []"},
		{"GITHUB_ACTIONS=true GITHUB_SHA=% GITHUB_REF_NAME=v1 GITHUB_REF_TYPE=tag", " [v1]"},
		{"GITLAB_CI=true CI_COMMIT_SHA=% CI_COMMIT_TAG=v2", " [v2]"},
		{"GITLAB_CI=true CI_COMMIT_SHA=% CI_MERGE_REQUEST_SOURCE_BRANCH_NAME=fix", "fix []"},
		{"BUILDKITE=true BUILDKITE_COMMIT=% BUILDKITE_BRANCH=main", "main []"},
		{"BUILDKITE=true BUILDKITE_COMMIT=HEAD BUILDKITE_BRANCH=main", "error"},
		{"CIRCLECI=true CIRCLE_SHA1=% CIRCLE_BRANCH=main", "main []"},
		{"CI=woodpecker CI_COMMIT_SHA=% CI_COMMIT_BRANCH=main", "main []"},
		{"DRONE=true DRONE_COMMIT_SHA=% DRONE_BRANCH=main DRONE_SOURCE_BRANCH=fix", "fix []"},
		{"JENKINS_URL=http://ci GIT_COMMIT=% GIT_BRANCH=origin/main", "main []"},
		{"GIT_COMMIT=% CI=true", "none"},
		{"JENKINS_URL=http://ci GIT_COMMIT=$(id)", "error"},
	} {
		r, _, err := ciRevision(environment(strings.ReplaceAll(c.env, "%", strings.ToUpper(aCommit))))
		got := "none"
		switch {
		case err != nil:
			got = "error"
		case r != nil:
			if got = fmt.Sprint(r.Branch, " ", r.Tags); r.Commit != aCommit {
				t.Errorf("%s: commit %s", c.env, r.Commit)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q (%v)", c.env, got, c.want, err)
		}
	}
}

func environment(pairs string) func(string) string {
	values := map[string]string{}
	for _, pair := range strings.Fields(pairs) {
		key, value, _ := strings.Cut(pair, "=")
		values[key] = value
	}
	return func(key string) string { return values[key] }
}

// repository has one commit, tagged, made at a time.
func repository(t *testing.T, at string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	dir := t.TempDir()
	setFile(t, dir, "a")
	for _, args := range []string{"init -q -b main", "add .", "commit -q -m first", "tag v1", "tag v1.0"} {
		inRepository(t, dir, at, args)
	}
	return dir
}

// inRepository has git do something, at a time, and gives its answer.
func inRepository(t *testing.T, dir, at, args string) string {
	t.Helper()
	cmd := exec.Command("git", strings.Fields(args)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_COMMITTER_DATE="+at, "GIT_AUTHOR_DATE="+at,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v, %s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func setFile(t *testing.T, dir, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestGitSaysWhatLiesInAFolder(t *testing.T) {
	dir := repository(t, "2024-01-01T00:00:00Z")
	r, err := gitRevision(t.Context(), dir)
	if err != nil || r == nil || r.Branch != "main" || len(r.Commit) != 40 || r.Dirty || len(r.Tags) != 2 {
		t.Fatalf("clean: %+v, %v", r, err)
	}
	setFile(t, dir, "b")
	if r, err = gitRevision(t.Context(), dir); err != nil || !r.Dirty {
		t.Errorf("changed: %+v, %v", r, err)
	}
	if r, err := gitRevision(t.Context(), t.TempDir()); r != nil || err != nil {
		t.Errorf("no repository: %+v, %v", r, err)
	}
	t.Setenv("PATH", "")
	if r, err := gitRevision(t.Context(), dir); r != nil || err != nil {
		t.Errorf("no git: %+v, %v", r, err)
	}
}

// Where a branch began is known of a branch alone, whoever says which commit it is.
func TestTheBranchPointIsFound(t *testing.T) {
	const at = "2024-01-01T00:00:00Z"
	dir := repository(t, at)
	began := inRepository(t, dir, at, "rev-parse HEAD")
	found := func(getenv func(string) string) string {
		r, err := newRevisions(revisionFlags{}, getenv, func(string, ...any) {}).of(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		return r.Base
	}
	if base := found(environment("")); base != "" {
		t.Errorf("on main itself: %q", base)
	}
	inRepository(t, dir, at, "branch release")
	inRepository(t, dir, at, "checkout -q -b fix")
	inRepository(t, dir, at, "commit -q --allow-empty -m second")
	if base := found(environment("")); base != began {
		t.Errorf("by git: %q", base)
	}
	head := inRepository(t, dir, at, "rev-parse HEAD")
	for target, want := range map[string]string{"release": began, "nothing": "", "--help": ""} {
		if base := found(environment("GITHUB_ACTIONS=true GITHUB_SHA=" + head + " GITHUB_BASE_REF=" + target)); base != want {
			t.Errorf("to %s: %q", target, base)
		}
	}
}

func TestACommitFromTheFutureIsToldOf(t *testing.T) {
	r, err := gitRevision(t.Context(), repository(t, "2090-01-01T00:00:00Z"))
	if r == nil || err == nil || !strings.Contains(err.Error(), "2090") {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestFlagsComeBeforeCIAndThatBeforeGit(t *testing.T) {
	dir := repository(t, "2024-01-01T00:00:00Z")
	outside := environment("")
	for name, c := range map[string]struct {
		flags  revisionFlags
		getenv func(string) string
		dir    string
		want   string // branch and tags; "none", or "error"
	}{
		"git":                   {revisionFlags{}, outside, dir, "main [v1.0 v1]"},
		"CI":                    {revisionFlags{}, environment("CIRCLECI=true CIRCLE_SHA1=" + aCommit), dir, " []"},
		"garbage of CI":         {revisionFlags{}, environment("CIRCLECI=true CIRCLE_SHA1=x"), dir, "main [v1.0 v1]"},
		"a tag":                 {revisionFlags{tags: []string{"x"}}, outside, dir, "main [x]"},
		"a commit stands alone": {revisionFlags{commit: aCommit}, outside, dir, " []"},
		"nothing":               {revisionFlags{}, outside, t.TempDir(), "none"},
		"a branch of nothing":   {revisionFlags{branch: "x"}, outside, t.TempDir(), "error"},
		"a commit that is none": {revisionFlags{commit: "HEAD"}, outside, dir, "error"},
		"a base that is none":   {revisionFlags{base: "main"}, outside, dir, "error"},
	} {
		warned := 0
		r, err := newRevisions(c.flags, c.getenv, func(string, ...any) { warned++ }).of(t.Context(), c.dir)
		got := "none"
		switch {
		case err != nil:
			got = "error"
		case r != nil:
			got = fmt.Sprint(r.Branch, " ", r.Tags)
		}
		if got != c.want || (warned > 0) != (name == "garbage of CI") {
			t.Errorf("%s: %q, want %q (%v), %d warnings", name, got, c.want, err, warned)
		}
	}
}

func FuzzRevision(f *testing.F) {
	f.Add("# branch.oid "+aCommit+"\n# branch.head main\n1 .M N... 100644 100644 100644 a a file\n", "1700000000\ntag: v1, tag: v2\n")
	f.Add("# branch.oid (initial)\n# branch.head (detached)\n", "")
	f.Add("\x00\n", "-1\ntag: \n")
	f.Fuzz(func(t *testing.T, status, log string) {
		if r := parseStatus(status); r != nil && r.Validate() != nil {
			t.Errorf("%+v: %v", r, r.Validate())
		}
		if _, tags := parseLog(log); len(tags) > mostTags {
			t.Errorf("%d tags", len(tags))
		}
		_, _, _ = ciRevision(func(key string) string {
			if key == "GITHUB_ACTIONS" {
				return "true"
			}
			return status
		})
	})
}
