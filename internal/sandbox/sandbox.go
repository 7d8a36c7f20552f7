// Package sandbox is the contract between those who want a program run and
// those who keep it apart from the machine. A backend per directory implements
// it; package sandboxtest holds the one suite that all of them must pass.
//
// How a program ended is data: it is in the Outcome. An error means that our
// own machinery broke or was refused, and that no figure may be believed.
package sandbox

import (
	"context"
	"slices"
	"strings"
	"time"

	"benchcell/internal/bench"
)

// Backend opens sessions under one isolation. Its methods may be called at
// the same time.
type Backend interface {
	Name() bench.Isolation
	// Probe says what this machine lets the backend enforce and measure now.
	Probe(ctx context.Context) Capabilities
	// Open readies a boundary. A *bench.Error with CodeUnavailable says that
	// the machine can't give what was asked, before anything was started.
	Open(ctx context.Context, spec Spec) (Session, error)
}

// Session is one open boundary, for all samples of a run. One call at a time.
type Session interface {
	// Run executes the program once and returns when the boundary is empty of
	// it. When ctx ends, the program is ended as by a timeout.
	Run(ctx context.Context, exec Exec) (*Outcome, error)
	// Account is what is said of the session as a whole, so far.
	Account(ctx context.Context) Account
	// Close destroys or returns the boundary. Nothing of the run is left.
	Close() error
}

// Glancer is a session that can be looked at while it runs something, at the same
// time as its other methods.
type Glancer interface {
	// Glance is the CPU time so far and the memory now, nil for what can't be read.
	Glance() (cpu *time.Duration, memory *int64)
}

// Account is what a session says of itself.
type Account struct {
	Receipt []bench.Receipt // what was enforced, as read back
	Tree    bench.TreeUsage // of all executions together
	Cold    bool            // the boundary had to be made while the caller waited
}

// Spec is what a boundary must be.
type Spec struct {
	Run     string // run id, for labels
	Attempt int
	Trusted bool
	// Measured runs want a quiet machine: nothing is prepared beside them.
	Measured bool
	// CPUs are the processors that a measured run has for itself. With none it has
	// what the machine has, and WhyAll says why.
	CPUs    []int
	WhyAll  string
	Limits  bench.Limits    // every field set but CPUTime, which may be none
	Strict  map[string]bool // limits that must be enforced, by name
	Builtin bool            // a registered function is to run, not a program of the image
	Image   string
	Files   []bench.File
	Dir     string // working folder on the host, of trusted code; "" is the boundary's own
	Stdin   []byte
}

// Exec is one execution of the program.
type Exec struct {
	// Builtin names a registered function to run instead of Argv: each backend
	// knows where it has it. It speaks the runner protocol like any program.
	Builtin string
	Argv    []string
	// Build marks an execution that readies /work for all that follow: it is
	// repeated when one of them has changed what it made. Limits are in force
	// while it runs.
	Build  bool
	Limits bench.Limits
	// Continue leaves the boundary as the execution before has left it; otherwise
	// /work is restored and TMPDIR emptied first.
	Continue bool
	// Aside marks a command beside the program: it reads no input, and what it
	// used shows in no figure of the program's.
	Aside   bool
	Env     []string // "KEY=value", complete but for TMPDIR
	Dir     string   // "" is the boundary's own folder
	Timeout time.Duration
	Grace   time.Duration
	// Output, if set, sees output while the program runs. It must not block.
	Output func(stdout bool, chunk []byte)
}

// Outcome is how one execution ended and what it took.
type Outcome struct {
	Verdict  bench.Verdict
	Death    bench.Death
	Evidence bench.Evidence
	Reason   string // for a reader, where the verdict alone does not say it

	Wall   time.Duration // of the program, by the clock inside the boundary
	CPU    *CPU
	MaxRSS *int64 // bytes
	// Switches counts how often the kernel took the processor from the program.
	Switches *int64
	Sources  bench.UsageSources
	// TreePeak is the boundary's memory peak since the session was opened.
	TreePeak *int64

	Output         bench.Output
	StdoutProduced int64
	StderrProduced int64

	Started time.Time
	Moments []Moment // after Started, in order
	Notes   []bench.Warning
}

// CPU is the CPU time of the whole tree.
type CPU struct{ User, System time.Duration }

// Total is the exact sum; the split is a guess of the scheduler when short.
func (c CPU) Total() time.Duration { return c.User + c.System }

// Moment is one event of an execution.
type Moment struct {
	Event string // bench.EventStarted and the like
	At    time.Time
}

// Capabilities is what a backend can do on this machine.
type Capabilities struct {
	Backend   bench.Isolation `json:"backend" enum:"in-process,process,container"`
	Available bool            `json:"available"`
	Untrusted bool            `json:"untrusted" doc:"fit for code that nobody here wrote"`
	Reason    string          `json:"reason,omitempty" doc:"why it is not available"`
	Remedy    string          `json:"remedy,omitempty" doc:"what mends it"`
	Details   []Detail        `json:"details"`
	Pool      *PoolState      `json:"pool,omitempty"`
}

// PoolState counts the boundaries that are started ahead of their run.
type PoolState struct {
	Ready int `json:"ready" doc:"that wait now"`
	Most  int `json:"most" doc:"that may wait"`
}

// Detail is one thing that a backend enforces or measures.
type Detail struct {
	Name      string `json:"name"`
	Measured  bool   `json:"measured" doc:"it is a figure, and not something enforced: CPU time is both"`
	Available bool   `json:"available"`
	Mechanism string `json:"mechanism,omitempty"`
	Remedy    string `json:"remedy,omitempty"`
}

// WithDefaults adds variables to an environment that does not have them.
func WithDefaults(env []string, defaults ...string) []string {
	full := slices.Clone(env)
	for _, d := range defaults {
		name, _, _ := strings.Cut(d, "=")
		if !slices.ContainsFunc(env, func(kv string) bool { return strings.HasPrefix(kv, name+"=") }) {
			full = append(full, d)
		}
	}
	return full
}

// Unavailable is the error for what this machine can't give.
func Unavailable(hint, format string, args ...any) *bench.Error {
	e := bench.Errorf(bench.CodeUnavailable, format, args...)
	if hint != "" {
		e = e.WithHint("%s", hint)
	}
	return e
}
