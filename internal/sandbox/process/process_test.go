//go:build linux

package process

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
	"benchcell/internal/sandbox/cgroup"
	"benchcell/internal/sandbox/sandboxtest"
	"benchcell/internal/sandbox/weaken"
)

func TestMain(m *testing.M) { os.Exit(sandboxtest.Main(m)) }

// start makes a backend with its pool at work, and proves at the end that
// nothing of it is left.
func start(t testing.TB, change func(*Config)) *Backend {
	t.Helper()
	c := Config{
		Runner: sandboxtest.Program(t, "runner-image/runner"), Owner: "test-" + strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-")),
		Temp: t.TempDir(), Keep: 4, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&c)
	}
	b := New(c)
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error)
	go func() { stopped <- b.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		assertNothingLeft(t, b)
	})
	return b
}

func assertNothingLeft(t testing.TB, b *Backend) {
	t.Helper()
	if left, _ := os.ReadDir(b.config.Temp); len(left) > 0 {
		t.Errorf("temporary folders are left: %v", left)
	}
	if b.place == nil {
		return
	}
	groups, _ := filepath.Glob("/sys/fs/cgroup/*" + b.place.Parent() + "/" + b.config.Owner + "-*")
	more, _ := filepath.Glob("/sys/fs/cgroup" + b.place.Parent() + "/" + b.config.Owner + "-*")
	if left := slices.Concat(groups, more); len(left) > 0 {
		t.Errorf("control groups are left: %v", left)
	}
}

func TestConformance(t *testing.T) {
	sandboxtest.NeedRoot(t)
	sandboxtest.Suite(t, sandboxtest.Subject{
		Backend: start(t, nil), Guest: sandboxtest.Build(t, "internal/sandbox/sandboxtest/guest"), Trusted: true, Groups: true, Cores: "cgroup",
	})
}

func withoutGroups(c *Config) { c.CgroupParent = cgroup.Off }

// Without control groups all is kept but what only they can give.
func TestConformanceWithoutGroups(t *testing.T) {
	b := start(t, withoutGroups)
	sandboxtest.Suite(t, sandboxtest.Subject{
		Backend: b, Guest: sandboxtest.Build(t, "internal/sandbox/sandboxtest/guest"), Trusted: true, Cores: "sched_setaffinity",
	})
}

func sandboxed(c *Config) {
	c.Sandbox, c.Warm, c.Size, c.System, c.Minimum = true, 1, bench.DefaultLimits().Disk, DefaultSystem, bench.MinimumSandbox
}

// A sandboxed process keeps all promises of a container.
func TestConformanceSandboxed(t *testing.T) {
	sandboxtest.NeedRoot(t)
	for _, trusted := range []bool{false, true} {
		t.Run(fmt.Sprintf("trusted %v", trusted), func(t *testing.T) {
			sandboxtest.Suite(t, sandboxtest.Subject{
				Backend: start(t, sandboxed), Guest: "/work/guest", Files: []bench.File{sandboxtest.GuestFile(t)},
				Trusted: trusted, Groups: true, Root: true, Cores: "cgroup",
			})
		})
	}
}

func open(t *testing.T, b *Backend, change func(*sandbox.Spec)) (sandbox.Session, error) {
	t.Helper()
	spec := sandbox.Spec{Trusted: true, Limits: bench.DefaultLimits(), Strict: map[string]bool{}}
	if change != nil {
		change(&spec)
	}
	return b.Open(t.Context(), spec)
}

func TestStrangersCodeIsRefused(t *testing.T) {
	b := start(t, nil)
	_, err := open(t, b, func(s *sandbox.Spec) { s.Trusted = false })
	if bench.CodeOf(err) != bench.CodeUnavailable {
		t.Errorf("error %v", err)
	}
}

func TestStrictLimitWithoutGroupIsRefused(t *testing.T) {
	b := start(t, withoutGroups)
	_, err := open(t, b, func(s *sandbox.Spec) { s.Strict[bench.LimitMemory] = true })
	if bench.CodeOf(err) != bench.CodeUnavailable || !strings.Contains(err.Error(), "memory") {
		t.Errorf("error %v", err)
	}
}

func TestBrokenRunnerIsUnavailable(t *testing.T) {
	for name, executable := range map[string]string{"none": "", "no program": "#!/bin/false\n"} {
		t.Run(name, func(t *testing.T) {
			b := New(Config{Runner: text(executable), Owner: "test-broken", Temp: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
			if _, err := open(t, b, nil); bench.CodeOf(err) != bench.CodeUnavailable {
				t.Errorf("error %v", err)
			}
			assertNothingLeft(t, b)
		})
	}
}

// A runner that is lost in the middle of a job takes its tree along, and the
// backend goes on with another.
func TestLostRunner(t *testing.T) {
	sandboxtest.NeedRoot(t)
	b := start(t, nil)
	session, err := open(t, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	guest := sandboxtest.Build(t, "internal/sandbox/sandboxtest/guest")
	_, err = session.Run(t.Context(), sandbox.Exec{Argv: []string{guest, "kill-parent", "9"}, Timeout: 5 * time.Second, Grace: time.Second})
	if err == nil || bench.CodeOf(err) != bench.CodeInternal {
		t.Errorf("error %v", err)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	session, err = open(t, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	o, err := session.Run(t.Context(), sandbox.Exec{Argv: []string{guest, "ok"}, Timeout: 5 * time.Second})
	if err != nil || o.Verdict != bench.OK {
		t.Errorf("the next run: %+v, %v", o, err)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
}

// A runner that was ended while it waited costs no run: another is made.
func TestARunnerThatIsGoneIsNotUsed(t *testing.T) {
	sandboxtest.NeedRoot(t)
	for name, change := range map[string]func(*Config){"plain": nil, "sandboxed": sandboxed} {
		t.Run(name, func(t *testing.T) {
			b := start(t, change)
			for b.pool.Waiting() == 0 {
				time.Sleep(time.Millisecond)
			}
			for _, id := range runners(t, b) {
				if err := syscall.Kill(id, syscall.SIGKILL); err != nil {
					t.Fatal(err)
				}
				for isAlive(id) {
					time.Sleep(time.Millisecond)
				}
			}
			time.Sleep(100 * time.Millisecond) // the kernel closes its pipes at leisure
			session, err := open(t, b, nil)
			if err != nil {
				t.Fatal(err)
			}
			o, err := session.Run(t.Context(), sandbox.Exec{Argv: []string{"/bin/true"}, Timeout: 5 * time.Second})
			if err != nil || o.Verdict != bench.OK {
				t.Errorf("%+v, %v", o, err)
			}
			if err := session.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// isAlive tells a process from one that is gone, or whose last thread has ended.
func isAlive(id int) bool {
	dir := fmt.Sprintf("/proc/%d/", id)
	threads, _ := os.ReadDir(dir + "task")
	stat, err := os.ReadFile(dir + "stat")
	return err == nil && (len(threads) > 1 || !strings.Contains(string(stat), ") Z "))
}

// runners lists the processes in a backend's groups.
func runners(t *testing.T, b *Backend) (ids []int) {
	t.Helper()
	files, _ := filepath.Glob("/sys/fs/cgroup/*" + b.place.Parent() + "/" + b.config.Owner + "-*/cgroup.procs")
	more, _ := filepath.Glob("/sys/fs/cgroup" + b.place.Parent() + "/" + b.config.Owner + "-*/cgroup.procs")
	for _, file := range slices.Concat(files, more) {
		text, _ := os.ReadFile(file) // it may be gone
		for _, field := range strings.Fields(string(text)) {
			if id, err := strconv.Atoi(field); err == nil && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// Where memory ran out before the runner was lost, that is why.
func TestRunnerLostToMemory(t *testing.T) {
	sandboxtest.NeedRoot(t)
	b := start(t, nil)
	session, err := open(t, b, func(s *sandbox.Spec) { s.Limits.Memory = 32 << 20 })
	if err != nil {
		t.Fatal(err)
	}
	guest := sandboxtest.Build(t, "internal/sandbox/sandboxtest/guest")
	o, err := session.Run(t.Context(), sandbox.Exec{
		Argv:    []string{"/bin/sh", "-c", `"$0" touch 64; exec "$0" kill-parent 9`, guest},
		Timeout: 5 * time.Second, Grace: time.Second,
	})
	if err != nil || o.Verdict != bench.OOM || o.Reason == "" {
		t.Errorf("%+v, %v", o, err)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
}

// The environment of the server does not reach the program or its runner.
func TestServersEnvironmentStaysOut(t *testing.T) {
	t.Setenv("SERVER_SECRET", "hunter2")
	b := start(t, nil)
	session, err := open(t, b, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	o, err := session.Run(t.Context(), sandbox.Exec{
		Argv: []string{"sh", "-c", "env; tr '\\0' '\\n' < /proc/$PPID/environ"}, Env: []string{"PATH=/usr/bin:/bin"},
		Timeout: 5 * time.Second, Grace: time.Second,
	})
	if err != nil || strings.Contains(string(o.Output.Stdout), "hunter2") {
		t.Errorf("output %q, error %v", o.Output.Stdout, err)
	}
}

// A server that was started by nohup, or in the background of a script, ignores
// signals. Its programs don't: how they end must not depend on that.
func TestNoSignalIsIgnoredForTheProgram(t *testing.T) {
	signal.Ignore(syscall.SIGHUP)
	defer signal.Reset(syscall.SIGHUP)
	session, err := open(t, start(t, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	o, err := session.Run(t.Context(), sandbox.Exec{
		Argv: []string{"sh", "-c", "kill -HUP $$; sleep 5"}, Env: []string{"PATH=/usr/bin:/bin"}, Timeout: 2 * time.Second, Grace: time.Second,
	})
	if err != nil || o.Verdict != bench.Signaled || *o.Death.Signal != "SIGHUP" {
		t.Errorf("%+v, %v", o, err)
	}
}

// A runner grows with what it did, and its size is the least that a program's memory
// reads. The figure says by how much, and no later run has to bear it.
func TestTheFloorOfMemoryIsTold(t *testing.T) {
	b := start(t, nil)
	var runner *worker
	run := func(argv ...string) (rss, floor int64) {
		t.Helper()
		s, err := open(t, b, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		runner = s.(*session).worker //nolint:forcetypeassert // of this backend
		o, err := s.Run(t.Context(), sandbox.Exec{Argv: argv, Env: []string{"PATH=/usr/bin:/bin"}, Timeout: 5 * time.Second, Grace: time.Second})
		if err != nil || o.Verdict != bench.OK {
			t.Fatalf("%+v, %v", o, err)
		}
		if _, err := fmt.Sscanf(*o.Sources.MaxRSS, "wait4 ru_maxrss (floor %d KiB", &floor); err != nil {
			t.Fatalf("source %q: %v", *o.Sources.MaxRSS, err)
		}
		return *o.MaxRSS, floor << 10
	}
	const slack = 256 << 10 // the kernel counts pages in batches
	long := append([]string{"true"}, slices.Repeat([]string{strings.Repeat("x", 1000)}, 1000)...)
	rss, grown := run(long...)
	began := runner.conn.Floor()
	if rss > max(grown+slack, 4<<20) {
		t.Errorf("a million bytes of arguments: %d bytes, and the floor is said to be %d", rss, grown)
	}
	if b.Settle(); grown > began+maxGrowth && slices.Contains(runners(t, b), runner.cmd.Process.Pid) {
		t.Error("a runner that has grown is kept")
	}
	if large := int64(4 << 20); began < large && grown < began+1<<20 { // it may be large from the start, by large pages
		t.Errorf("the floor was %d, and is said to be %d after a million bytes of arguments", began, grown)
	}
	if rss, floor := run("true"); rss > max(floor+slack, 4<<20) {
		t.Errorf("the next run: %d bytes, and the floor is said to be %d", rss, floor)
	}
}

// What the kernel did to one execution is not told of the next.
func TestEvidenceIsOfOneExecution(t *testing.T) {
	sandboxtest.NeedRoot(t)
	b := start(t, nil)
	guest := sandboxtest.Build(t, "internal/sandbox/sandboxtest/guest")
	for range 2 { // sessions, of one runner
		session, err := open(t, b, func(s *sandbox.Spec) { s.Limits.Memory = 32 << 20 })
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			argv []string
			want bench.Verdict
		}{{[]string{guest, "ok"}, bench.OK}, {[]string{guest, "touch", "64"}, bench.OOM}, {[]string{guest, "ok"}, bench.OK}} {
			o, err := session.Run(t.Context(), sandbox.Exec{Argv: c.argv, Timeout: 5 * time.Second, Grace: time.Second})
			if err != nil || o.Verdict != c.want || (c.want == bench.OK) != (*o.Evidence.OOMKills == 0) {
				t.Errorf("%v: %+v, %v", c.argv[1:], o, err)
			}
		}
		if err := session.Close(); err != nil {
			t.Error(err)
		}
	}
}

// The watch of the runner's own runtime sleeps while a program is measured, and the
// program's timers are as punctual as anybody's.
func TestTheRunnersWatchSleeps(t *testing.T) {
	sandboxtest.NeedRoot(t) // to see the slack of others
	session, err := open(t, start(t, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	const script = "cd /proc; cat self/timerslack_ns; for task in $PPID/task/*; do cat ${task##*/}/timerslack_ns; done"
	o, err := session.Run(t.Context(), sandbox.Exec{
		Argv: []string{"sh", "-c", script}, Env: []string{"PATH=/usr/bin:/bin"}, Timeout: 5 * time.Second, Grace: time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(o.Output.Stdout))
	if len(lines) < 3 || lines[0] != "50000" || lines[1] != "50000" || !slices.Contains(lines[2:], "1000000000") {
		t.Errorf("program, main thread and others: %q; %s", lines, o.Output.Stderr)
	}
}

func text(program string) *io.SectionReader {
	return io.NewSectionReader(strings.NewReader(program), 0, int64(len(program)))
}

// A build that can weaken still makes a sandbox in which all is in force.
func TestEveryDefenceCanBeSwitchedOff(t *testing.T) {
	sandboxtest.NeedRoot(t)
	if weaken.Env() == nil {
		t.Skip("this build can't weaken anything: it has not the tag 'weaken'")
	}
	for _, defence := range append([]string{""}, weaken.Defences...) {
		t.Run(defence, func(t *testing.T) {
			t.Setenv("BENCHCELL_WEAKEN", defence)
			session, err := open(t, start(t, sandboxed), nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := session.Run(t.Context(), sandbox.Exec{Argv: []string{"/bin/true"}, Timeout: 5 * time.Second}); err != nil {
				t.Fatal(err)
			}
			for _, line := range session.Account(t.Context()).Receipt {
				if name := strings.ReplaceAll(line.Limit, " ", "-"); line.Effective == nil && name != defence && name != "mounts" {
					t.Errorf("without %q, %s is not in force either", defence, name)
				}
			}
			if err := session.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Used sandboxes that wait for trusted code leave the places of the fresh ones,
// which strangers' code wants.
func TestUsedSandboxesLeaveRoomForFreshOnes(t *testing.T) {
	sandboxtest.NeedRoot(t)
	b := start(t, func(c *Config) {
		sandboxed(c)
		c.Keep = 1
	})
	for _, dir := range []string{"/usr", "/usr/bin", "/usr/lib"} {
		session, err := open(t, b, func(s *sandbox.Spec) { s.Dir = dir })
		if err != nil {
			t.Fatal(err)
		}
		if _, err := session.Run(t.Context(), sandbox.Exec{Argv: []string{"/bin/true"}, Timeout: time.Minute}); err != nil {
			t.Error(err)
		}
		if err := session.Close(); err != nil {
			t.Error(err)
		}
	}
	pool := b.Probe(t.Context()).Pool
	for tries := 0; pool.Ready < pool.Most && tries < 1000; tries++ {
		time.Sleep(10 * time.Millisecond)
		pool = b.Probe(t.Context()).Pool
	}
	if pool.Ready != 1 || pool.Most != 1 || b.pool.Waiting() > 2 {
		t.Errorf("%+v, of %d that wait", pool, b.pool.Waiting())
	}
}
