package bench

// Isolation is how strongly a run is kept apart from the machine.
type Isolation string

// The isolations, weakest first.
const (
	InProcess Isolation = "in-process" // registered functions, inside the server
	Process   Isolation = "process"    // a child process of its own
	Container Isolation = "container"  // a throw-away container
)

// Isolations lists all of them, weakest first.
var Isolations = []Isolation{InProcess, Process, Container}

// ParseIsolation reads a name as users write it.
func ParseIsolation(s string) (Isolation, error) {
	for _, i := range Isolations {
		if s == string(i) {
			return i, nil
		}
	}
	return "", Errorf(CodeInvalid, "isolation %q is not one of in-process, process, container", s)
}

// Weaker is the next weaker isolation, one step down.
func (i Isolation) Weaker() (Isolation, bool) {
	for n, known := range Isolations {
		if i == known && n > 0 {
			return Isolations[n-1], true
		}
	}
	return "", false
}

// Isolated says whether the program runs outside the server.
func (i Isolation) Isolated() bool { return i == Process || i == Container }

// RunIsolation is what was asked for and what a run really had.
type RunIsolation struct {
	Requested      Isolation  `json:"requested" enum:"in-process,process,container"`
	Effective      *Isolation `json:"effective" enum:"in-process,process,container" doc:"null until the run has a boundary"`
	Isolated       bool       `json:"isolated"`
	FallbackReason *string    `json:"fallbackReason" doc:"why effective differs from requested"`
	Receipt        []Receipt  `json:"receipt"`
}

// Receipt is one line of proof: what was asked, by what means, and what the
// kernel answered when it was read back. A value is a number in the limit's
// own unit (bytes, processors, milliseconds, a count) or a word.
type Receipt struct {
	Limit     string  `json:"limit"`
	Requested any     `json:"requested"`
	Mechanism *string `json:"mechanism"`
	Effective any     `json:"effective" doc:"read back; null where nothing could be enforced"`
}
