package main

import (
	"strings"

	"benchcell/internal/bench"
)

// ciSystem is where a CI system says what it builds. Of several variables the
// first with a value counts: what is proposed comes before where it is to go.
type ciSystem struct {
	mark, value string // how it is known; any value where none is stated
	commit      string
	branches    []string
	tag         string
	target      string // branch that a proposal is to go to
}

var ciSystems = []ciSystem{
	{"GITHUB_ACTIONS", "true", "GITHUB_SHA", []string{"GITHUB_HEAD_REF", "GITHUB_REF_NAME"}, "", "GITHUB_BASE_REF"},
	{"GITLAB_CI", "", "CI_COMMIT_SHA", []string{"CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_BRANCH"}, "CI_COMMIT_TAG", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"},
	{"BUILDKITE", "true", "BUILDKITE_COMMIT", []string{"BUILDKITE_BRANCH"}, "BUILDKITE_TAG", "BUILDKITE_PULL_REQUEST_BASE_BRANCH"},
	{"CIRCLECI", "true", "CIRCLE_SHA1", []string{"CIRCLE_BRANCH"}, "CIRCLE_TAG", ""},
	{"CI", "woodpecker", "CI_COMMIT_SHA", []string{"CI_COMMIT_SOURCE_BRANCH", "CI_COMMIT_BRANCH"}, "CI_COMMIT_TAG", "CI_COMMIT_TARGET_BRANCH"},
	{"DRONE", "true", "DRONE_COMMIT_SHA", []string{"DRONE_SOURCE_BRANCH", "DRONE_BRANCH"}, "DRONE_TAG", "DRONE_TARGET_BRANCH"},
	{"JENKINS_URL", "", "GIT_COMMIT", []string{"CHANGE_BRANCH", "GIT_BRANCH"}, "TAG_NAME", "CHANGE_TARGET"},
}

// ciRevision is what the environment of a CI system says, and the branch that the
// commit is to go to, if that is known; nil outside of one. An error is for what
// no commit looks like.
func ciRevision(getenv func(string) string) (r *bench.Revision, target string, err error) {
	for _, s := range ciSystems {
		mark := getenv(s.mark)
		if mark == "" || (s.value != "" && mark != s.value) || getenv(s.commit) == "" {
			continue
		}
		r = &bench.Revision{Commit: strings.ToLower(getenv(s.commit))}
		for i := len(s.branches) - 1; i >= 0; i-- {
			if branch := getenv(s.branches[i]); branch != "" {
				r.Branch = strings.TrimPrefix(branch, "origin/") // as Jenkins has it
			}
		}
		if tag := getenv(s.tag); s.tag != "" && tag != "" {
			r.Tags = []string{tag}
		}
		if s.mark == "GITHUB_ACTIONS" && getenv("GITHUB_REF_TYPE") == "tag" {
			r.Branch, r.Tags = "", []string{getenv("GITHUB_REF_NAME")}
		}
		if s.target != "" {
			target = getenv(s.target)
		}
		return r, target, r.Validate()
	}
	return nil, "", nil
}
