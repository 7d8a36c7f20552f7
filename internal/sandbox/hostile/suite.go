package hostile

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/cgroup"
)

// Target is one boundary under attack.
type Target struct {
	Boundary Boundary
	Backend  sandbox.Backend
	Path     string // of the programs, for a boundary without a /work of its own
	Missing  string // why the boundary is not to be had here
	Groups   bool   // limits by control group are enforced
	// Left names what the boundary's engine still has of ours.
	Left func(context.Context) ([]string, error)
	// Settle returns when the backend is done with the boundaries that were closed.
	Settle func()
}

// Config is what a Suite needs to know.
type Config struct {
	Programs *io.SectionReader // the executable of runner-image/hostile
	Guard    *cgroup.Guard     // around all that is run, nil where none can be made
	NoGuard  string            // and why
	Temp     string            // folder where backends put their temporary files
	Work     string            // folder for the suite's own
	Told     func(done, of int, now bench.SelfTestCase)
}

// Suite runs the corpus.
type Suite struct {
	Config
	file     bench.File
	canary   *canary
	listener net.Listener
	accepted atomic.Int64
	serial   int
	baseline residues
	guarded  error // why what a target runs is not behind the guard
}

// Secret is in the environment of whoever runs the suite, and nobody else's.
const Secret = "f0e1d2c3-hostile-secret" //nolint:gosec // it only looks like one

// Unfit is how the reason begins where nothing runs at all.
const Unfit = "not even a harmless program runs here"

const (
	programName = "hostile"
	path        = "/usr/bin:/bin"
	watchdog    = 30 * time.Second
)

// New readies a suite: the canary, and a listener on the host's loopback.
func New(c Config) (*Suite, error) {
	executable, err := io.ReadAll(io.NewSectionReader(c.Programs, 0, c.Programs.Size()))
	if err != nil {
		return nil, err
	}
	s := &Suite{Config: c, file: bench.File{
		Path: programName, Content: base64.StdEncoding.EncodeToString(executable), Encoding: "base64", Executable: true,
	}}
	if s.canary, err = newCanary(c.Work); err != nil {
		return nil, err
	}
	if s.listener, err = new(net.ListenConfig).Listen(context.Background(), "tcp4", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	go s.accept()
	return s, os.Setenv("BENCHCELL_SELFTEST_SECRET", Secret)
}

// accept counts who comes, until the suite closes.
func (s *Suite) accept() {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.accepted.Add(1)
		_ = conn.Close()
	}
}

// Close lets go of what New has made.
func (s *Suite) Close() error {
	return errors.Join(s.listener.Close(), s.canary.remove(), os.Unsetenv("BENCHCELL_SELFTEST_SECRET"))
}

// Run runs cases on targets until ctx ends.
func (s *Suite) Run(ctx context.Context, cases []Case, targets []Target) []bench.SelfTestCase {
	results := make([]bench.SelfTestCase, 0, len(cases)*len(targets))
	for i := range targets {
		unfit := s.ready(ctx, &targets[i])
		for j := range cases {
			if ctx.Err() != nil {
				return results
			}
			r := s.one(ctx, &cases[j], &targets[i], unfit)
			if ctx.Err() != nil {
				return results
			}
			results = append(results, r)
			if s.Told != nil {
				s.Told(len(results), cap(results), r)
			}
		}
	}
	return results
}

// ready warms a target up and takes its baseline. What it runs must be seen to be
// behind the guard before anything is run that could hurt.
func (s *Suite) ready(ctx context.Context, t *Target) error {
	s.guarded = nil
	if t.Missing != "" || t.Boundary == InProcess {
		return nil
	}
	stand := Case{Name: "stand", On: every, Look: true, Verdicts: ends(bench.OK)}
	trial := s.try(ctx, &stand, t)
	if trial.Err != nil || trial.Outcome.Verdict != bench.OK {
		return fmt.Errorf(Unfit+": %w", trial.why())
	}
	s.guarded = s.behindGuard(trial)
	t.Settle()
	s.baseline = s.count(ctx, t, "")
	return nil
}

func (s *Suite) behindGuard(trial *Trial) error {
	if s.Guard == nil {
		return errors.New(s.NoGuard)
	}
	if len(trial.Seen) == 0 {
		return errors.New("its processes can't be seen from this machine")
	}
	for i := range trial.Seen {
		if err := trial.Seen[i].guarded; err != nil {
			return err
		}
	}
	return nil
}

// one is the result of a case on a target.
func (s *Suite) one(ctx context.Context, c *Case, t *Target, unfit error) bench.SelfTestCase {
	r := bench.SelfTestCase{Case: c.Name, Backend: string(t.Boundary), Result: bench.NotApplicable}
	if r.Reason = s.whyNot(c, t); r.Reason != "" {
		return r
	}
	err := unfit
	said := ""
	if err == nil {
		said, err = s.judge(ctx, c, t)
	}
	var not notApplicable
	switch {
	case errors.As(err, &not):
		r.Reason = string(not)
	case err != nil:
		r.Result, r.Reason = bench.Failed, err.Error()
	default:
		r.Result, r.Reason = bench.Passed, said
	}
	return r
}

// whyNot says why a case is not run at all.
func (s *Suite) whyNot(c *Case, t *Target) string {
	switch {
	case !slices.Contains(c.On, t.Boundary) && c.Else != "" && t.Boundary != InProcess:
		return c.Else
	case !slices.Contains(c.On, t.Boundary):
		return map[Boundary]string{
			InProcess: "not promised in-process: only registered functions are run there",
			Plain:     "not promised for a plain process: it is for trusted code alone",
			Sandboxed: "it is about the server's own process",
			Container: "it is about the server's own process",
		}[t.Boundary]
	case t.Missing != "":
		return t.Missing
	case c.Groups && !t.Groups:
		return "no control group is at hand for it: see 'orchestrator doctor'"
	case c.Bomb && s.guarded != nil:
		return "it is run behind an outer guard only: " + s.guarded.Error()
	}
	return ""
}

// judge runs a case and looks at everything: how it ended, what was seen, what is
// left, and whether the next program is well.
func (s *Suite) judge(ctx context.Context, c *Case, t *Target) (string, error) {
	trial := s.try(ctx, c, t)
	if trial.Err != nil {
		return "", trial.Err
	}
	if o := trial.Outcome; !slices.Contains(c.Verdicts, o.Verdict) {
		return "", fmt.Errorf("it ended %s, not %s: %w", o.Verdict, c.Verdicts[0], trial.why())
	}
	if c.Judge != nil {
		if err := c.Judge(trial); err != nil {
			return "", err
		}
	}
	said := "it ended " + string(trial.Outcome.Verdict)
	if t.Boundary == InProcess || !trial.opened {
		return said, nil
	}
	if err := trial.emptied(); err != nil {
		return "", err
	}
	if err := s.nothingLeft(ctx, t, trial.token); err != nil {
		return "", err
	}
	after := s.try(ctx, &Case{Name: "nothing", On: every}, t)
	if after.Err != nil || after.Outcome.Verdict != bench.OK {
		return "", fmt.Errorf("the next program, which does nothing, was not well: %w", after.why())
	}
	return said, s.nothingLeft(ctx, t, after.token)
}
