package inprocess

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// functions are what the backend is asked to run here.
var functions = map[string]func(ctx context.Context, in io.Reader, out io.Writer) error{
	"echo":   func(_ context.Context, in io.Reader, out io.Writer) error { _, err := io.Copy(out, in); return err },
	"fail":   func(context.Context, io.Reader, io.Writer) error { return errors.New("it went wrong") },
	"panic":  func(context.Context, io.Reader, io.Writer) error { panic("boom") },
	"goexit": func(context.Context, io.Reader, io.Writer) error { runtime.Goexit(); return nil },
	"polite": func(ctx context.Context, _ io.Reader, _ io.Writer) error { <-ctx.Done(); return context.Cause(ctx) },
}

func serve(ctx context.Context, name string, in io.Reader, out io.Writer) error {
	f, ok := functions[name]
	if !ok {
		return fmt.Errorf("no function %q", name)
	}
	return f(ctx, in, out)
}

func open(t *testing.T, b *Backend, change func(*sandbox.Spec)) sandbox.Session {
	t.Helper()
	spec := sandbox.Spec{Trusted: true, Limits: bench.DefaultLimits()}
	if change != nil {
		change(&spec)
	}
	s, err := b.Open(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func newBackend() *Backend { return New(serve, slog.New(slog.DiscardHandler)) }

func exec(name string) sandbox.Exec {
	return sandbox.Exec{Builtin: name, Timeout: 50 * time.Millisecond, Grace: 50 * time.Millisecond}
}

// A function ends in the terms of the same function in a process.
func TestEndings(t *testing.T) {
	for name, c := range map[string]struct {
		verdict bench.Verdict
		code    int
		stderr  string
	}{
		"echo":    {bench.OK, 0, ""},
		"fail":    {bench.NonzeroExit, 1, "it went wrong"},
		"panic":   {bench.NonzeroExit, 2, "panic: boom"},
		"goexit":  {bench.NonzeroExit, 2, "Goexit"},
		"polite":  {bench.Timeout, 1, "context canceled"},
		"unknown": {bench.NonzeroExit, 1, "no function"},
	} {
		o, err := open(t, newBackend(), nil).Run(t.Context(), exec(name))
		if err != nil {
			t.Fatal(err)
		}
		if o.Verdict != c.verdict || *o.Death.Code != c.code || !strings.Contains(string(o.Output.Stderr), c.stderr) {
			t.Errorf("%s: %s, code %d, stderr %q", name, o.Verdict, *o.Death.Code, o.Output.Stderr)
		}
		if o.MaxRSS != nil || o.CPU == nil || o.Sources.CPUTime == nil {
			t.Errorf("%s: memory %v, CPU %v", name, o.MaxRSS, o.CPU)
		}
	}
}

func TestOutputIsCapped(t *testing.T) {
	s := open(t, newBackend(), func(spec *sandbox.Spec) {
		spec.Stdin = []byte(strings.Repeat("x", 1000))
		spec.Limits.Output = 10
	})
	o, err := s.Run(t.Context(), exec("echo"))
	if err != nil || string(o.Output.Stdout) != "xxxxxxxxxx" || o.Evidence.StdoutDropped != 990 || o.StdoutProduced != 1000 {
		t.Errorf("%v: stdout %q, dropped %d", err, o.Output.Stdout, o.Evidence.StdoutDropped)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	e := exec("polite")
	e.Timeout = time.Minute
	o, err := open(t, newBackend(), nil).Run(ctx, e)
	if err != nil || o.Verdict != bench.Cancelled {
		t.Errorf("%v, %v", o, err)
	}
}

// A function that does not stop taints the backend, loudly, until it does.
func TestRunaway(t *testing.T) {
	var log strings.Builder
	stop := make(chan struct{})
	b := New(func(context.Context, string, io.Reader, io.Writer) error { <-stop; return nil },
		slog.New(slog.NewTextHandler(&log, nil)))
	o, err := open(t, b, nil).Run(t.Context(), exec("stubborn"))
	if err != nil || o.Verdict != bench.Timeout || o.Death.How != "not_ended" || o.Reason == "" {
		t.Fatalf("%+v, %v", o, err)
	}
	if !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "stubborn") {
		t.Errorf("the log says %q", log.String())
	}
	if c := b.Probe(t.Context()); c.Available || !strings.Contains(c.Reason, "stubborn") {
		t.Errorf("capabilities %+v", c)
	}
	if _, err := b.Open(t.Context(), sandbox.Spec{Trusted: true}); bench.CodeOf(err) != bench.CodeUnavailable {
		t.Errorf("a tainted backend opened: %v", err)
	}
	close(stop)
	for b.taint() != nil {
		time.Sleep(time.Millisecond)
	}
	open(t, b, nil)
}

func TestRefusals(t *testing.T) {
	for name, spec := range map[string]sandbox.Spec{
		"a stranger's code": {},
		"a strict limit":    {Trusted: true, Strict: map[string]bool{bench.LimitMemory: true}},
	} {
		if _, err := newBackend().Open(t.Context(), spec); bench.CodeOf(err) != bench.CodeUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := open(t, newBackend(), nil).Run(t.Context(), sandbox.Exec{Argv: []string{"true"}}); bench.CodeOf(err) != bench.CodeUnavailable {
		t.Errorf("a program was run in-process: %v", err)
	}
}
