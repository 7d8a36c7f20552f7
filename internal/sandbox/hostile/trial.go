package hostile

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// Trial is a case on a target, with all that was seen of it.
type Trial struct {
	Outcome     *sandbox.Outcome   // of the program
	More        []*sandbox.Outcome // of the case's Again
	Then        *sandbox.Outcome   // of the second one, where there is one
	Account     sandbox.Account    // of the session
	Seen        []Seen             // its processes, as they were seen from outside
	Most        int                // most of them at a time
	Connections int64              // to the listener on the host's loopback
	Err         error              // our own machinery's

	token  string
	opened bool
}

func (s *Suite) try(ctx context.Context, c *Case, t *Target) *Trial {
	s.serial++
	trial := &Trial{token: fmt.Sprintf("hostile-%d-%s", s.serial, s.canary.token)}
	ctx, cancel := context.WithTimeout(ctx, watchdog)
	defer cancel()
	// What does not even end then is taken by the guard.
	stop := time.AfterFunc(2*watchdog, func() {
		if s.Guard != nil {
			_ = s.Guard.Clear()
		}
	})
	defer stop.Stop()
	before := s.accepted.Load()
	if c.Look {
		ended := s.look(ctx, trial)
		s.execute(ctx, c, t, trial)
		ended()
	} else {
		s.execute(ctx, c, t, trial)
	}
	trial.Connections = s.accepted.Load() - before
	return trial
}

// execute opens the boundary, runs one program or two, and closes it.
func (s *Suite) execute(ctx context.Context, c *Case, t *Target, trial *Trial) {
	session, err := t.Backend.Open(ctx, s.spec(c, t))
	var refused *bench.Error
	if errors.As(err, &refused) && refused.Code == bench.CodeUnavailable {
		trial.Outcome = &sandbox.Outcome{Verdict: bench.IsolationUnavailable, Reason: refused.Error()}
		return
	}
	if err != nil {
		trial.Err = err
		return
	}
	trial.opened = true
	s.run(ctx, c, t, trial, session)
	if c.Then != "" && trial.Err == nil {
		session = s.then(ctx, c, t, trial, session)
	}
	if session != nil {
		trial.Account = session.Account(ctx)
		trial.Err = errors.Join(trial.Err, session.Close())
	}
}

// run executes the program, as often as the case says.
func (s *Suite) run(ctx context.Context, c *Case, t *Target, trial *Trial, session sandbox.Session) {
	trial.Outcome, trial.Err = session.Run(ctx, s.exec(c, t, trial, c.program(), c.Args))
	for _, args := range c.Again {
		if trial.Err != nil {
			return
		}
		var o *sandbox.Outcome
		o, trial.Err = session.Run(ctx, s.exec(c, t, trial, c.program(), args))
		trial.More = append(trial.More, o)
	}
}

// then executes the second program, and gives the session that it was in.
func (s *Suite) then(ctx context.Context, c *Case, t *Target, trial *Trial, session sandbox.Session) sandbox.Session {
	exec := s.exec(c, t, trial, c.Then, nil)
	exec.Continue = c.After == Continued
	if c.After == Renewed {
		if trial.Err = session.Close(); trial.Err != nil {
			return nil
		}
		if session, trial.Err = t.Backend.Open(ctx, s.spec(c, t)); trial.Err != nil {
			return nil
		}
	}
	trial.Then, trial.Err = session.Run(ctx, exec)
	return session
}

func (s *Suite) spec(c *Case, t *Target) sandbox.Spec {
	limits := c.Limits.Over(bench.DefaultLimits())
	spec := sandbox.Spec{
		Run: "selftest", Attempt: 1, Trusted: t.Boundary == Plain && c.Name != "stranger", Builtin: t.Boundary == Container,
		Limits: limits, Strict: limits.Stated(),
	}
	if t.Path == "" && t.Boundary != InProcess && c.Name != "stranger" {
		spec.Files = []bench.File{s.file}
	} else {
		spec.Strict = c.Limits.Stated()
	}
	for _, name := range c.Lenient {
		delete(spec.Strict, name)
	}
	if c.Pinned {
		spec.Measured, spec.CPUs = true, lastProcessor()
	}
	return spec
}

func (s *Suite) exec(c *Case, t *Target, trial *Trial, program string, args []string) sandbox.Exec {
	e := sandbox.Exec{Env: []string{"PATH=" + path}, Timeout: c.Timeout, Grace: c.Grace}
	if e.Timeout == 0 {
		e.Timeout = 5 * time.Second
	}
	if e.Grace == 0 {
		e.Grace = 200 * time.Millisecond
	}
	executable := t.Path
	if executable == "" {
		executable = "/work/" + programName
	}
	e.Argv = []string{executable, program, trial.token}
	_, port, _ := strings.Cut(s.listener.Addr().String(), ":")
	fill := strings.NewReplacer("{port}", port, "{canary}", s.canary.dir)
	for _, arg := range args {
		e.Argv = append(e.Argv, fill.Replace(arg))
	}
	return e
}

func (t *Trial) happened(event string) bool {
	for _, m := range t.Outcome.Moments {
		if m.Event == event {
			return true
		}
	}
	return false
}

// emptied says whether the boundary was seen to be empty at the end, or went itself.
func (t *Trial) emptied() error {
	if t.Outcome.Death.How != "not_ended" && !t.happened(bench.EventEmpty) {
		return errors.New("its boundary was not seen to be empty")
	}
	return nil
}

// why says in words how it ended.
func (t *Trial) why() error {
	if t.Err != nil {
		return t.Err
	}
	o := t.Outcome
	said := o.Reason
	if said == "" {
		said = o.Death.How
	}
	const most = 300
	for _, text := range [][]byte{o.Output.Stdout, o.Output.Stderr} {
		if len(text) > 0 {
			said += fmt.Sprintf("; it said %q", text[:min(len(text), most)])
		}
	}
	return errors.New(said)
}
