// Package hostile is the corpus of programs that attack a boundary, and what each
// of them must meet. The programs themselves are in runner-image/hostile, in files
// of the same names; the tables here say what they do, under which limits, at
// which boundaries, how they must end, which defence that proves, and how it is
// judged: from outside wherever the program could lie.
//
// A Suite runs them, inside a guard that bounds them all, and looks after each for
// anything that is left.
package hostile

import (
	"slices"
	"time"

	"benchcell/internal/bench"
)

// Boundary is what a program is put behind. A process comes in two kinds: plain,
// for trusted code, and sandboxed.
type Boundary string

// The boundaries, weakest first.
const (
	InProcess Boundary = "in-process"
	Plain     Boundary = "process"
	Sandboxed Boundary = "process-sandboxed"
	Container Boundary = "container"
)

// Boundaries lists all of them.
var Boundaries = []Boundary{InProcess, Plain, Sandboxed, Container}

var (
	every    = []Boundary{Plain, Sandboxed, Container}
	enclosed = []Boundary{Sandboxed, Container} // fit for strangers' code
)

// Case is one hostile program with what it must meet.
type Case struct {
	Name string
	Does string // in a line

	// Program runs, with Args; the name of the case without. In Args {port} is that
	// of a listener on the host's loopback, and {canary} a folder of the host.
	Program string
	Args    []string
	// Then is a second program, run after it as After says.
	Then  string
	After After
	// Again are further executions of the program, each with arguments of its own.
	Again [][]string

	On      []Boundary // that promise to withstand it; the rest is not applicable
	Else    string     // why it is not, where that is not what is usual there
	Groups  bool       // the promise takes control groups
	Bomb    bool       // could hurt a machine: it is run behind a guard or not at all
	Limits  bench.Limits
	Lenient []string // limits that are best effort here, as they are for trusted code
	Timeout time.Duration
	Grace   time.Duration
	Look    bool // the processes are looked at from outside while they run
	Pinned  bool // to one processor

	// Verdicts are those it may end with, and Judge says what else was wrong.
	Verdicts []bench.Verdict
	Judge    func(*Trial) error

	// Defence is what stops it, as package weaken names it: with all of these
	// switched off, comma between them, the case must fail. Instead says what does
	// so at a boundary where that is another; "" that it can't be tried safely there.
	Defence string
	Instead map[Boundary]string
}

// After is how a second program follows the first.
type After string

// The ways.
const (
	Continued After = "continued" // in the boundary as the first has left it
	Restored  After = "restored"  // as the next sample
	Renewed   After = "renewed"   // as the next run
)

// DefenceAt is what stops the case at a boundary.
func (c *Case) DefenceAt(b Boundary) string {
	if d, ok := c.Instead[b]; ok {
		return d
	}
	return c.Defence
}

func (c *Case) program() string {
	if c.Program != "" {
		return c.Program
	}
	return c.Name
}

// All lists the corpus.
func All() []Case {
	return slices.Concat(timeCases, endCases, treeCases, memoryCases, costCases, outputCases, fileCases, callCases, viewCases, networkCases, channelCases, strangerCases)
}

func ends(verdicts ...bench.Verdict) []bench.Verdict { return verdicts }
