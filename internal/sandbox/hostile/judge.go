package hostile

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"benchcell/internal/sandbox"
)

// all asks one judge after the other.
func all(judges ...func(*Trial) error) func(*Trial) error {
	return func(t *Trial) error {
		for _, judge := range judges {
			if err := judge(t); err != nil {
				return err
			}
		}
		return nil
	}
}

// notApplicable is why a case says nothing here.
type notApplicable string

func (n notApplicable) Error() string { return string(n) }

// finding is one line of what a program said.
type finding struct{ name, answer string }

func findings(o *sandbox.Outcome) (list []finding) {
	if o == nil {
		return nil
	}
	for line := range strings.Lines(string(o.Output.Stdout)) {
		if name, answer, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "="); ok {
			list = append(list, finding{name, answer})
		}
	}
	return list
}

func (*Trial) says(o *sandbox.Outcome, name, want string) error {
	for _, f := range findings(o) {
		if f.name == name && f.answer == want {
			return nil
		}
	}
	return fmt.Errorf("it did not find %s to be %s", name, want)
}

func says(name, want string) func(*Trial) error {
	return func(t *Trial) error { return t.says(t.Outcome, name, want) }
}

func thenSays(name, want string) func(*Trial) error {
	return func(t *Trial) error { return t.says(t.Then, name, want) }
}

// silent is for what must not be said.
func silent(name string) func(*Trial) error {
	return func(t *Trial) error {
		for _, f := range findings(t.Outcome) {
			if f.name == name {
				return fmt.Errorf("%s: %s", f.name, f.answer)
			}
		}
		return nil
	}
}

// number is what was said of a name, below zero for nothing.
func (t *Trial) number(name string) int64 {
	for _, f := range findings(t.Outcome) {
		if n, err := strconv.ParseInt(f.answer, 10, 64); f.name == name && err == nil {
			return n
		}
	}
	return -1
}

// refused wants so many attempts at the least, and each to have met one of these
// errors. All that got through are named.
func refused(attempts int, errnos ...string) func(*Trial) error {
	return func(t *Trial) error {
		list, through := findings(t.Outcome), []string{}
		for _, f := range list {
			if !slices.Contains(errnos, f.answer) {
				through = append(through, f.name+" ("+f.answer+")")
			}
		}
		if len(through) > 0 {
			return errors.New("it got through with " + strings.Join(through, ", "))
		}
		if len(list) < attempts {
			return fmt.Errorf("it has made %d of %d attempts", len(list), attempts)
		}
		return nil
	}
}

func above(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}
