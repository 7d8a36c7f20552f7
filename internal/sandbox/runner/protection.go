package runner

import (
	"errors"
	"strings"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox/weaken"
)

// Protection is one thing that keeps a program in: what was asked, how it was
// seen, and what was seen. Without Seen it is not in force.
type Protection struct {
	Name, Asked, How, Seen string
	Must                   bool
}

// Verify refuses a boundary that lacks what must be in force.
func Verify(list []Protection) error {
	var errs []error
	for _, p := range list {
		if p.Must && p.Seen == "" && !weaken.Off(strings.ReplaceAll(p.Name, " ", "-")) {
			errs = append(errs, errors.New(p.Name+": "+p.Asked+" is not in force"))
		}
	}
	return errors.Join(errs...)
}

// Proof lists the protections as read back.
func Proof(list []Protection) []bench.Receipt {
	var lines []bench.Receipt
	for _, p := range list {
		r := bench.Receipt{Limit: p.Name, Requested: p.Asked, Mechanism: &p.How}
		if p.Seen != "" {
			r.Effective = p.Seen
		}
		lines = append(lines, r)
	}
	return lines
}

// Kernel says whose kernel a program talks to: one of its own, or the host's.
func Kernel(own string) bench.Receipt {
	mechanism := "the boundary's kind"
	if own == "" {
		own = "shared with the host"
	} else {
		mechanism = "runtime of the engine"
	}
	return bench.Receipt{Limit: "kernel", Requested: "any", Mechanism: &mechanism, Effective: own}
}
