package sandboxtest

import (
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// Subject is a backend under test.
type Subject struct {
	Backend sandbox.Backend
	Guest   string // path of the guest program inside the boundary
	Trusted bool
	Files   []bench.File // what every boundary gets
	Groups  bool         // limits by control group can be enforced here
	Root    bool         // the boundary has a root of its own, with /work and /tmp
	Cores   string       // what keeps a program on its processors, as the receipt begins
}

// Suite runs everything that a backend promises.
func Suite(t *testing.T, s Subject) {
	for name, check := range map[string]func(*testing.T, Subject){
		"Endings":   endings,
		"Starting":  starting,
		"Stopping":  stopping,
		"Leftovers": leftovers,
		"Output":    outputs,
		"Input":     inputs,
		"Limits":    limits,
		"Figures":   figures,
		"Crowds":    crowds,
		"Apart":     apart,
		"Asides":    asides,
		"Cores":     cores,
	} {
		t.Run(name, func(t *testing.T) { check(t, s) })
	}
}

// session opens a boundary with the default limits, changed by change.
func (s Subject) session(t *testing.T, change func(*sandbox.Spec)) sandbox.Session {
	t.Helper()
	spec := sandbox.Spec{
		Run: "01TEST", Attempt: 1, Trusted: s.Trusted, Limits: bench.DefaultLimits(),
		Strict: map[string]bool{}, Files: s.Files,
	}
	if change != nil {
		change(&spec)
	}
	session, err := s.Backend.Open(t.Context(), spec)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := session.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return session
}

// exec is a job for the guest with times that no healthy test meets.
func (s Subject) exec(args ...string) sandbox.Exec {
	return sandbox.Exec{
		Argv: append([]string{s.Guest}, args...), Env: []string{"PATH=/usr/bin:/bin"},
		Timeout: 20 * time.Second, Grace: 2 * time.Second,
	}
}

// run executes the guest in a boundary of its own.
func (s Subject) run(t *testing.T, args ...string) *sandbox.Outcome {
	t.Helper()
	return runIn(t, s.session(t, nil), s.exec(args...))
}

func runIn(t *testing.T, session sandbox.Session, exec sandbox.Exec) *sandbox.Outcome {
	t.Helper()
	o, err := session.Run(t.Context(), exec)
	if err != nil {
		t.Fatalf("run %q: %v", exec.Argv, err)
	}
	return o
}

// expect checks the verdict, and shows the output where it is another.
func expect(t *testing.T, o *sandbox.Outcome, want bench.Verdict) {
	t.Helper()
	if o.Verdict != want {
		t.Errorf("verdict %s, want %s\nreason: %s\ndeath: %s\nstdout: %.300s\nstderr: %.300s",
			o.Verdict, want, o.Reason, describe(o.Death), o.Output.Stdout, o.Output.Stderr)
	}
}

func describe(d bench.Death) string {
	text := d.How
	if d.Signal != nil {
		text += " by " + *d.Signal
	}
	if d.SentBy != nil {
		text += " from " + *d.SentBy
	}
	return text
}

func has(o *sandbox.Outcome, event string) bool {
	for _, m := range o.Moments {
		if m.Event == event {
			return true
		}
	}
	return false
}

func at(o *sandbox.Outcome, event string) time.Duration {
	for _, m := range o.Moments {
		if m.Event == event {
			return m.At.Sub(o.Started)
		}
	}
	return -1
}

func code(o *sandbox.Outcome) int {
	if o.Death.Code == nil {
		return -1
	}
	return *o.Death.Code
}

func value(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

func stdout(o *sandbox.Outcome) string { return string(o.Output.Stdout) }

func lines(o *sandbox.Outcome) []string { return strings.Fields(stdout(o)) }
