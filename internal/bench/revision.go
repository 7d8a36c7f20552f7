package bench

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Revision is the state of the code that a run measures.
type Revision struct {
	Branch string   `json:"branch" required:"false" maxLength:"250" doc:"empty where the commit is on none"`
	Commit string   `json:"commit" pattern:"^[0-9a-f]{7,64}$"`
	Dirty  bool     `json:"dirty" required:"false" doc:"files differ from the commit"`
	Tags   []string `json:"tags" required:"false" nullable:"false" maxItems:"16"`
	Base   string   `json:"base" required:"false" pattern:"^([0-9a-f]{7,64})?$" doc:"commit where the branch left the one that it is to go to (git merge-base); empty if nobody said"`
}

// Bounds of a revision.
const (
	maxBranch = 250 // bytes
	maxTag    = 250 // bytes
	maxTags   = 16
)

var commitForm = regexp.MustCompile("^[0-9a-f]{7,64}$")

// Validate checks what may come from anywhere: a request, or an environment.
func (r *Revision) Validate() error {
	if !commitForm.MatchString(r.Commit) {
		return Errorf(CodeInvalid, "revision.commit is %.80q: it must be 7 to 64 digits of 0-9 and a-f", r.Commit)
	}
	if r.Base != "" && !commitForm.MatchString(r.Base) {
		return Errorf(CodeInvalid, "revision.base is %.80q: it must be 7 to 64 digits of 0-9 and a-f, or empty", r.Base)
	}
	if !plainName(r.Branch, maxBranch) {
		return Errorf(CodeInvalid, "revision.branch is %.80q: it must be at most %d bytes of printable UTF-8", r.Branch, maxBranch)
	}
	if len(r.Tags) > maxTags {
		return Errorf(CodeInvalid, "revision.tags has %d entries: it must have at most %d", len(r.Tags), maxTags)
	}
	for _, tag := range r.Tags {
		if tag == "" || !plainName(tag, maxTag) {
			return Errorf(CodeInvalid, "revision.tags has %.80q: a tag must be 1 to %d bytes of printable UTF-8", tag, maxTag)
		}
	}
	return nil
}

// plainName has nothing in it that could steer a terminal.
func plainName(name string, most int) bool {
	unprintable := func(r rune) bool { return !unicode.IsPrint(r) }
	return len(name) <= most && utf8.ValidString(name) && !strings.ContainsFunc(name, unprintable)
}

// Occasion is why a run is made, beside what it executes. It is of the run and
// not of its stored plan, which runs of many occasions share.
type Occasion struct {
	Revision *Revision
	Confirms *string // run that it repeats, to see whether a change is real
}
