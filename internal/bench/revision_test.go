package bench

import (
	"slices"
	"strings"
	"testing"
)

func TestARevisionIsChecked(t *testing.T) {
	commit := strings.Repeat("a", 40)
	for name, c := range map[string]struct {
		r    Revision
		want string // what the error names; none if it is fine
	}{
		"whole":           {Revision{Branch: "fix/it", Commit: commit, Tags: []string{"v1"}}, ""},
		"short":           {Revision{Commit: "abcdef0"}, ""},
		"none":            {Revision{}, "revision.commit"},
		"capitals":        {Revision{Commit: "ABCDEF0"}, "revision.commit"},
		"too long":        {Revision{Commit: strings.Repeat("a", 65)}, "revision.commit"},
		"a line after it": {Revision{Commit: commit + "\n"}, "revision.commit"},
		"an escape":       {Revision{Commit: commit, Branch: "\x1b[2J"}, "revision.branch"},
		"a long branch":   {Revision{Commit: commit, Branch: strings.Repeat("b", 251)}, "revision.branch"},
		"an empty tag":    {Revision{Commit: commit, Tags: []string{""}}, "revision.tags"},
		"many tags":       {Revision{Commit: commit, Tags: slices.Repeat([]string{"v"}, 17)}, "revision.tags"},
	} {
		err := c.r.Validate()
		if (err == nil) != (c.want == "") || (err != nil && !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlyTrustedRunsHaveARevision(t *testing.T) {
	b := Benchmark{Definition: Definition{Name: "x", Command: []string{"true"}}, Slug: "x", Kind: KindCommand, Trusted: true}
	o := Overrides{Revision: &Revision{Commit: "abcdef0"}}
	plan, err := Policy{}.Resolve(b, o)
	if err != nil {
		t.Fatal(err)
	}
	if r := NewRun("1", &plan, nil, noon).Revision; r == nil || r.Commit != "abcdef0" || r.Tags == nil {
		t.Errorf("the run has %+v", r)
	}
	b.Trusted = false
	if _, err := (Policy{}).Resolve(b, o); CodeOf(err) != CodeInvalid {
		t.Errorf("a stranger's revision: %v", err)
	}
	b.Trusted, o.Revision.Commit = true, "HEAD"
	if _, err := (Policy{}).Resolve(b, o); CodeOf(err) != CodeInvalid {
		t.Errorf("a commit that is none: %v", err)
	}
}
