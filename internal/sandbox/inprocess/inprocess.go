// Package inprocess runs registered Go functions inside the server. It is fast
// and isolates nothing: no limit but the output's is enforced, memory can't be
// told apart, and a function that does not stop can't be made to. It can run
// nothing but what was compiled in.
package inprocess

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/weaken"
)

// Serve runs the function of a name by the runner protocol, and stops between
// iterations when ctx ends.
type Serve func(ctx context.Context, name string, in io.Reader, out io.Writer) error

// Backend implements sandbox.Backend.
type Backend struct {
	serve Serve
	log   *slog.Logger

	mu      sync.Mutex
	tainted string // the function that still runs although its time is up
}

// New makes the backend around the registered functions.
func New(serve Serve, log *slog.Logger) *Backend { return &Backend{serve: serve, log: log} }

// Name implements sandbox.Backend.
func (*Backend) Name() bench.Isolation { return bench.InProcess }

// Probe implements sandbox.Backend.
func (b *Backend) Probe(context.Context) sandbox.Capabilities {
	c := sandbox.Capabilities{Backend: bench.InProcess, Available: true, Details: []sandbox.Detail{
		{Name: bench.LimitTimeout, Available: true, Mechanism: "asked to stop between iterations"},
		{Name: bench.LimitOutput, Available: true, Mechanism: "bytes kept of each stream"},
		{Name: bench.LimitMemory, Remedy: "use process or container isolation"},
		{Name: "cpuTime", Measured: true, Available: true, Mechanism: "getrusage of the whole server"},
		{Name: "maxRSS", Measured: true, Remedy: "use process or container isolation"},
	}}
	if err := b.taint(); err != nil {
		c.Available, c.Reason, c.Remedy = false, err.Message, err.Hint
	}
	return c
}

func (b *Backend) taint() *bench.Error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tainted == "" {
		return nil
	}
	return sandbox.Unavailable("restart the server, or use process isolation",
		"the function %s did not stop when its time was up and still runs inside the server", b.tainted)
}

// Open implements sandbox.Backend.
func (b *Backend) Open(_ context.Context, spec sandbox.Spec) (sandbox.Session, error) {
	if !spec.Trusted && !weaken.Off("trust") {
		return nil, sandbox.Unavailable("use container isolation", "in-process isolation is not fit for untrusted code")
	}
	for limit := range spec.Strict {
		if limit != bench.LimitOutput {
			return nil, sandbox.Unavailable("use process or container isolation", "limit %s can't be enforced in-process", limit)
		}
	}
	if err := b.taint(); err != nil {
		return nil, err
	}
	return &session{backend: b, spec: spec}, nil
}

type session struct {
	backend *Backend
	spec    sandbox.Spec
}

// Close implements sandbox.Session.
func (*session) Close() error { return nil }

// Account implements sandbox.Session.
func (s *session) Account(context.Context) sandbox.Account {
	mechanism := "bytes kept of each stream"
	l := s.spec.Limits
	return sandbox.Account{Receipt: []bench.Receipt{
		{Limit: bench.LimitMemory, Requested: l.Memory},
		{Limit: bench.LimitCPUs, Requested: l.CPUs},
		{Limit: bench.LimitPids, Requested: l.Pids},
		{Limit: bench.LimitDisk, Requested: l.Disk},
		{Limit: bench.LimitOutput, Requested: l.Output, Mechanism: &mechanism, Effective: l.Output},
	}}
}

// Run implements sandbox.Session.
func (s *session) Run(ctx context.Context, exec sandbox.Exec) (*sandbox.Outcome, error) {
	if exec.Builtin == "" {
		return nil, sandbox.Unavailable("use process or container isolation", "only built-in benchmarks can run in-process")
	}
	before := ownCPU()
	call := s.backend.start(ctx, exec, s.spec)
	select {
	case <-call.done:
	case <-ctx.Done():
		call.stop(exec.Grace)
	case <-time.After(exec.Timeout):
		call.timedOut = true
		call.stop(exec.Grace)
	}
	o := call.outcome(ctx)
	cpu := ownCPU()
	source := "getrusage of the whole server, which did other work too"
	o.CPU = &sandbox.CPU{User: cpu.User - before.User, System: cpu.System - before.System}
	o.Sources.CPUTime = &source
	return o, nil
}

func ownCPU() sandbox.CPU {
	var ru syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &ru) != nil {
		return sandbox.CPU{}
	}
	return sandbox.CPU{User: time.Duration(ru.Utime.Nano()), System: time.Duration(ru.Stime.Nano())}
}

// call is one execution of a function in a goroutine of its own.
type call struct {
	backend  *Backend
	name     string
	cancel   context.CancelFunc
	done     chan struct{}
	started  time.Time
	timedOut bool
	runaway  bool

	// Written by the goroutine, read once done is closed.
	ended  time.Time
	stdout capped
	err    error
	panic  string
}

func (b *Backend) start(ctx context.Context, exec sandbox.Exec, spec sandbox.Spec) *call {
	ctx, cancel := context.WithCancel(ctx)
	c := &call{
		backend: b, name: exec.Builtin, cancel: cancel, done: make(chan struct{}), started: time.Now(),
		stdout: capped{limit: spec.Limits.Output},
	}
	go func() {
		defer close(c.done)
		defer cancel()
		c.run(ctx, spec.Stdin)
	}()
	return c
}

// run calls the function; a panic, or an end of its goroutine, is its failure.
func (c *call) run(ctx context.Context, stdin []byte) {
	returned := false
	defer func() {
		c.ended = time.Now()
		if p := recover(); p != nil {
			c.panic = fmt.Sprintf("panic: %v\n\n%s", p, debug.Stack())
		} else if !returned {
			c.panic = "the function ended its goroutine with runtime.Goexit"
		}
	}()
	c.err = c.backend.serve(ctx, c.name, bytes.NewReader(stdin), &c.stdout)
	returned = true
}

// stop asks the function to end. One that does not within the grace taints the
// backend until it does: no figure taken beside it could be believed.
func (c *call) stop(grace time.Duration) {
	c.cancel()
	select {
	case <-c.done:
		return
	case <-time.After(grace):
	}
	c.runaway = true
	c.backend.setTaint(c.name)
	c.backend.log.Error("a built-in function does not stop: nothing more is run in-process until it does", "function", c.name)
	go func() {
		<-c.done
		c.backend.setTaint("")
		c.backend.log.Warn("the runaway function has ended: in-process runs are taken again", "function", c.name)
	}()
}

func (b *Backend) setTaint(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tainted = name
}
