package container

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/runner"
	"benchcell/internal/sandbox/sandboxtest"
)

func TestMain(m *testing.M) { os.Exit(sandboxtest.Main(m)) }

// start makes a backend at work on the machine's engine, and proves at the end
// that no container of it is left.
func start(t testing.TB, change func(*Config)) *Backend {
	t.Helper()
	c := Config{
		Runner: sandboxtest.Program(t, "runner-image/runner"), Builtin: sandboxtest.Program(t, "runner-image/bench-builtin"),
		Runtime: os.Getenv("BENCHCELL_TEST_RUNTIME"), // 'scripts/gvisor.sh' sets it
		Owner:   fmt.Sprintf("test-%d-%s", os.Getpid(), t.Name()), Warm: 1, Kinds: []Kind{{Limits: bench.DefaultLimits()}}, Log: slog.New(slog.DiscardHandler),
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
		Backend: start(t, nil), Guest: "/work/guest", Files: guest(t), Groups: true, Root: true, Cores: "cgroup",
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

// With a remote engine the figures come through the runner; the promises are
// the same.
func TestConformanceFromInside(t *testing.T) {
	b := start(t, func(c *Config) { c.ReadInside = true })
	sandboxtest.Suite(t, sandboxtest.Subject{Backend: b, Guest: "/work/guest", Files: guest(t), Groups: true, Root: true, Cores: "every processor"})
}

func open(t *testing.T, b *Backend, change func(*sandbox.Spec)) *session {
	t.Helper()
	spec := sandbox.Spec{Builtin: true, Limits: bench.DefaultLimits(), Strict: map[string]bool{}, Files: guest(t)}
	if change != nil {
		change(&spec)
	}
	opened, err := b.Open(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	return opened.(*session)
}

func run(t *testing.T, s *session, args ...string) *sandbox.Outcome {
	t.Helper()
	o, err := s.Run(t.Context(), sandbox.Exec{
		Argv: append([]string{"/work/guest"}, args...), Timeout: 10 * time.Second, Grace: time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func closeSession(t *testing.T, s *session) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// waitWarm waits until a container is ready ahead of its run.
func waitWarm(t *testing.T, b *Backend) {
	t.Helper()
	for range 600 {
		if b.pool.Waiting() > 0 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("no container got warm")
}

// A stranger's container is warm, used once and thrown away.
func TestOneUse(t *testing.T) {
	b := start(t, nil)
	ids := map[string]bool{}
	for range 2 {
		waitWarm(t, b)
		s := open(t, b, nil)
		if !s.warm || ids[s.box.id] {
			t.Errorf("warm %v, used before %v", s.warm, ids[s.box.id])
		}
		ids[s.box.id] = true
		closeSession(t, s)
	}
}

// Trusted runs may share a container, and see nothing of one another in it. A
// stranger never gets one that was used.
func TestReuse(t *testing.T) {
	b := start(t, func(c *Config) { c.Reuse = true })
	waitWarm(t, b)
	trusted := func(s *sandbox.Spec) { s.Trusted = true }
	first := open(t, b, trusted)
	id := first.box.id
	if o := run(t, first, "count"); string(o.Output.Stdout) != "1\n" {
		t.Errorf("stdout %q", o.Output.Stdout)
	}
	closeSession(t, first)
	second := open(t, b, trusted)
	if second.box.id != id || !second.warm {
		t.Error("the container was not used again")
	}
	if o := run(t, second, "count"); string(o.Output.Stdout) != "1\n" {
		t.Errorf("the second run saw the first: %q", o.Output.Stdout)
	}
	closeSession(t, second)
	stranger := open(t, b, nil)
	if stranger.box.id == id {
		t.Error("a stranger got a used container")
	}
	closeSession(t, stranger)
}

// Limits other than those that containers are kept warm for start cold.
func TestOtherLimitsStartCold(t *testing.T) {
	b := start(t, nil)
	waitWarm(t, b)
	s := open(t, b, func(s *sandbox.Spec) { s.Limits.Memory = 100 << 20 })
	if s.warm || s.box.inForce.Limits.Memory != 100<<20 {
		t.Errorf("warm %v, memory %d", s.warm, s.box.inForce.Limits.Memory)
	}
	closeSession(t, s)
}

// What an earlier server left is removed; what another one has is not touched.
func TestSweep(t *testing.T) {
	other := start(t, func(c *Config) { c.Owner = "test-somebody-else" })
	waitWarm(t, other)
	left := start(t, nil)
	waitWarm(t, left)
	leftover := open(t, left, nil)
	left.forget(leftover.box) // as after a crash
	if err := left.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	ids, err := left.engine.list(t.Context(), left.label())
	for _, id := range ids {
		if id == leftover.box.id {
			t.Errorf("%v is left, %v", ids, err)
		}
	}
	if ids, err := other.engine.list(t.Context(), other.label()); err != nil || len(ids) != 1 {
		t.Errorf("another server's containers: %v, %v", ids, err)
	}
	leftover.lost = true
	closeSession(t, leftover)
}

// A container that was ended while it waited, by an engine that was started again
// perhaps, costs no run: another is made.
func TestAContainerThatIsGoneIsNotUsed(t *testing.T) {
	for name, inside := range map[string]bool{"on a line of its own": false, "through the engine": true} {
		t.Run(name, func(t *testing.T) {
			b := start(t, func(c *Config) { c.ReadInside = inside })
			waitWarm(t, b)
			ids, err := b.engine.list(t.Context(), b.label())
			if err != nil || len(ids) != 1 {
				t.Fatalf("%v, %v", ids, err)
			}
			if err := b.engine.remove(t.Context(), ids[0]); err != nil {
				t.Fatal(err)
			}
			s := open(t, b, nil)
			if o := run(t, s, "ok"); o.Verdict != bench.OK || s.box.id == ids[0] {
				t.Errorf("%+v", o)
			}
			closeSession(t, s)
		})
	}
}

// When the container dies under the run, the engine's word tells why.
func TestLostContainer(t *testing.T) {
	for name, c := range map[string]struct {
		oom  bool
		want bench.Verdict
	}{"killed": {false, ""}, "out of memory": {true, bench.OOM}} {
		t.Run(name, func(t *testing.T) {
			b := start(t, nil)
			s := open(t, b, nil)
			s.box.oom.Store(c.oom) // the kernel seldom takes PID 1 when we want it to
			time.AfterFunc(200*time.Millisecond, func() { _ = b.engine.remove(context.Background(), s.box.id) })
			o, err := s.Run(t.Context(), sandbox.Exec{Argv: []string{"/work/guest", "sleep", "9000"}, Timeout: 10 * time.Second, Grace: time.Second})
			if c.oom && (err != nil || o.Verdict != c.want || o.MaxRSS != nil || o.CPU != nil) {
				t.Errorf("%+v, %v", o, err)
			}
			if !c.oom && (bench.CodeOf(err) != bench.CodeInternal || !strings.Contains(err.Error(), "ended from outside")) {
				t.Errorf("%+v, %v", o, err)
			}
			closeSession(t, s)
		})
	}
}

func TestRefusals(t *testing.T) {
	b := start(t, nil)
	for name, c := range map[string]struct {
		change func(*sandbox.Spec)
		says   string
	}{
		"an image that is not allowed":   {func(s *sandbox.Spec) { s.Builtin, s.Image = false, "evil/image" }, "not among those"},
		"an image that is not there":     {func(s *sandbox.Spec) { s.Builtin, s.Trusted, s.Image = false, true, "benchcell/no-such-image" }, "no image benchcell/no-such-image"},
		"more memory than there is":      {func(s *sandbox.Spec) { s.Limits.Memory = 1 << 50 }, "limits.memory"},
		"too few processes to look from": {func(s *sandbox.Spec) { s.Limits.Pids = 1 }, "limits.pids"},
		"more processors than there are": {func(s *sandbox.Spec) { s.Limits.CPUs = 10_000 }, "limits.cpus"},
	} {
		spec := sandbox.Spec{Builtin: true, Limits: bench.DefaultLimits()}
		c.change(&spec)
		_, err := b.Open(t.Context(), spec)
		if err == nil || !strings.Contains(err.Error(), c.says) || bench.CodeOf(err) == bench.CodeInternal {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnknownRuntime(t *testing.T) {
	start(t, nil) // or there is no engine to ask
	b := New(Config{
		Runner: program("x"), Builtin: program("x"), Owner: "test-runtime", Runtime: "no-such-runtime",
		Kinds: []Kind{{Limits: bench.DefaultLimits()}}, Log: slog.New(slog.DiscardHandler),
	})
	_, err := b.Open(t.Context(), sandbox.Spec{Builtin: true, Limits: bench.DefaultLimits()})
	if c := b.Probe(t.Context()); err == nil || c.Available || !strings.Contains(err.Error(), c.Reason) ||
		!strings.Contains(c.Remedy, "isolation.container.runtime") {
		t.Errorf("%v, capabilities %+v", err, c)
	}
}

func TestNoEngine(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
	b := New(Config{Runner: program("x"), Builtin: program("x"), Owner: "test-none", Log: slog.New(slog.DiscardHandler)})
	if _, err := b.Open(t.Context(), sandbox.Spec{Builtin: true, Limits: bench.DefaultLimits()}); bench.CodeOf(err) != bench.CodeUnavailable {
		t.Errorf("error %v", err)
	}
	if c := b.Probe(t.Context()); c.Available || c.Remedy == "" || !strings.Contains(c.Reason, "/nonexistent/docker.sock") {
		t.Errorf("capabilities %+v", c)
	}
}

// A container has what the engine makes and nothing of the host.
func TestMounts(t *testing.T) {
	mount := func(path string, options ...string) runner.Mount { return runner.Mount{Path: path, Options: options} }
	good := []runner.Mount{
		mount("/", "ro", "relatime"), mount("/proc", "rw", "nosuid"), mount("/dev", "rw", "nosuid"), mount("/dev/pts", "rw"), mount("/sys/fs/cgroup", "ro"),
		mount("/etc/hosts", "ro"), mount("/work", "rw", "nosuid", "nodev"), mount("/tmp", "rw", "nosuid", "nodev"),
	}
	if p := mounts(&runner.View{Mounts: good}); p.Seen == "" {
		t.Error("the engine's own mounts are refused")
	}
	for _, bad := range []runner.Mount{mount("/host", "ro"), mount("/var/run/docker.sock", "rw"), mount("/work", "rw", "nodev"), mount("/devices", "ro"), mount("/etc", "ro")} {
		if p := mounts(&runner.View{Mounts: append(good[:len(good):len(good)], bad)}); p.Seen != "" || !p.Must {
			t.Errorf("%v was let through", bad)
		}
	}
}

// A build makes the program of its files, under its own limits; what a sample
// changes in /work is as it was for the next, built again if need be.
func TestBuild(t *testing.T) {
	sandboxtest.NeedImage(t, toolsImage)
	b := start(t, func(c *Config) { c.Image = toolsImage })
	opened, err := b.Open(t.Context(), sandbox.Spec{
		Limits: bench.DefaultLimits(), Files: []bench.File{{Path: "src/hello.txt", Content: "hello\n"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := opened.(*session)
	defer s.Close()
	limits := bench.DefaultLimits()
	limits.Memory, limits.Pids = 200<<20, 30
	shell := func(script string, build bool) *sandbox.Outcome {
		o, err := s.Run(t.Context(), sandbox.Exec{
			Argv: []string{"sh", "-c", script}, Env: []string{"PATH=/usr/bin:/bin"}, Timeout: 10 * time.Second, Grace: time.Second,
			Build: build, Limits: limits,
		})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	if o := shell("cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; printf '#!/bin/sh\ncat src/hello.txt\n' > hello; chmod +x hello", true); o.Verdict != bench.OK ||
		string(o.Output.Stdout) != "209715200\n" {
		t.Fatalf("build: %s, %q", o.Verdict, o.Output.Stdout)
	}
	for sample := range 3 {
		if o := shell("./hello && echo changed > src/hello.txt && rm hello", false); o.Verdict != bench.OK || string(o.Output.Stdout) != "hello\n" {
			t.Errorf("sample %d: %s, %q %q", sample, o.Verdict, o.Output.Stdout, o.Output.Stderr)
		}
	}
	if s.box.inForce.Limits.Memory != bench.DefaultLimits().Memory {
		t.Errorf("the limits of the build are still in force: %+v", s.box.inForce.Limits)
	}
}

const toolsImage = "benchcell/tools"

func program(text string) *io.SectionReader {
	return io.NewSectionReader(strings.NewReader(text), 0, int64(len(text)))
}

// Files and standard input lie in the container's memory once, not again in the
// runner's own.
func TestInputCostsItsSize(t *testing.T) {
	b := start(t, nil)
	const size = 8 << 20
	s := open(t, b, func(s *sandbox.Spec) {
		s.Files = append(s.Files, bench.File{Path: "plain", Content: strings.Repeat("x", size)})
		s.Stdin = make([]byte, size)
	})
	defer closeSession(t, s)
	o := run(t, s, "ok")
	if o.MaxRSS == nil {
		t.Fatalf("no figure: %s", o.Verdict)
	}
	program, err := s.spec.Files[0].Bytes()
	if err != nil {
		t.Fatal(err)
	}
	const guestAndRunner = 5 << 20
	if more := *o.MaxRSS - int64(len(program)) - 2*size; more > guestAndRunner {
		t.Errorf("beside %d bytes of input and the program's file there are %d", 2*size, more)
	}
}
