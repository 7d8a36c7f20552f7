package container

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/sandboxtest"
)

func TestMain(m *testing.M) { os.Exit(sandboxtest.Main(m)) }

// start makes a backend at work on the machine's engine, and proves at the end
// that no container of it is left.
func start(t testing.TB, change func(*Config)) *Backend {
	t.Helper()
	read := func(pkg string) []byte {
		executable, err := os.ReadFile(sandboxtest.Build(t, pkg))
		if err != nil {
			t.Fatal(err)
		}
		return executable
	}
	c := Config{
		Runner: read("runner-image/runner"), Builtin: read("runner-image/bench-builtin"),
		Owner: "test-" + t.Name(), Warm: 1, Limits: bench.DefaultLimits(), Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&c)
	}
	b := New(c)
	if _, err := b.reach(t.Context()); err != nil {
		sandboxtest.Need(t, "docker", err.Error())
	}
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error)
	go func() { stopped <- b.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		if left, err := b.engine.list(context.Background(), b.label()); err != nil || len(left) > 0 {
			t.Errorf("containers are left: %v, %v", left, err)
		}
	})
	return b
}

// guest is the guest program as a file for /work.
func guest(t testing.TB) []bench.File {
	t.Helper()
	return []bench.File{sandboxtest.GuestFile(t)}
}

func TestConformance(t *testing.T) {
	sandboxtest.Suite(t, sandboxtest.Subject{
		Backend: start(t, nil), Guest: "/work/guest", Files: guest(t), Groups: true, Root: true,
	})
}

func TestBuiltinRuns(t *testing.T) {
	b := start(t, nil)
	s, err := b.Open(t.Context(), sandbox.Spec{
		Builtin: true, Limits: bench.DefaultLimits(), Stdin: []byte(`{"name":"x","iterations":3}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	o, err := s.Run(t.Context(), sandbox.Exec{Builtin: "sha256", Timeout: 20 * time.Second, Grace: time.Second})
	if err != nil || o.Verdict != bench.OK {
		t.Fatalf("%+v, %v", o, err)
	}
}
