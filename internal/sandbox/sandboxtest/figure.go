package sandboxtest

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// figures: what is measured is what was used. Bounds are wide: they tell right
// from wrong, not quick from slow.
func figures(t *testing.T, s Subject) {
	t.Run("sleeping", func(t *testing.T) {
		o := s.run(t, "sleep", "300")
		if o.Wall < 300*time.Millisecond || o.CPU.Total() > 150*time.Millisecond {
			t.Errorf("wall %v, CPU %v", o.Wall, o.CPU.Total())
		}
	})
	t.Run("two threads", func(t *testing.T) {
		o := runIn(t, s.session(t, func(spec *sandbox.Spec) { spec.Limits.CPUs = 2 }), s.exec("spin", "2", "300"))
		if used := o.CPU.Total(); used < 295*time.Millisecond || used > 600*time.Millisecond {
			t.Errorf("CPU %v for 300 ms", used)
		}
	})
	t.Run("a detached child counts", func(t *testing.T) {
		o := s.run(t, "child", "spin", "1", "200")
		if used := o.CPU.Total(); used < 195*time.Millisecond {
			t.Errorf("CPU %v for 200 ms in a child", used)
		}
	})
	t.Run("memory", func(t *testing.T) {
		o := s.run(t, "touch", "48")
		if rss := value(o.MaxRSS); rss < 48<<20 || rss > 64<<20 {
			t.Errorf("maxRSS %d for 48 MiB", rss)
		}
		if o.Sources.MaxRSS == nil || o.Sources.CPUTime == nil {
			t.Error("a figure without its source")
		}
	})
	t.Run("memory of the server is not counted", func(t *testing.T) {
		ballast, err := syscall.Mmap(-1, 0, 300<<20, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(ballast); i += 4096 {
			ballast[i] = 1
		}
		defer func() { _ = syscall.Munmap(ballast) }()
		if rss := value(s.run(t, "ok").MaxRSS); rss > 20<<20 {
			t.Errorf("maxRSS %d of a trivial program", rss)
		}
	})
}

// crowds: how many ran at a time is said of those of this run alone, where the kernel
// tells it at all.
func crowds(t *testing.T, s Subject) {
	most := func(args ...string) (n int64) {
		t.Run(args[0], func(t *testing.T) {
			session := s.session(t, pinned(nil)) // which waits for the boundary of the one before
			runIn(t, session, s.exec(args...))
			n = value(session.Account(t.Context()).Tree.PidsPeak)
		})
		return n
	}
	if n := most("crowd", "40"); s.Groups && n < 40 {
		t.Errorf("%d processes and threads at most, of 40", n)
	}
	if n := most("ok"); n >= 40 {
		t.Errorf("%d processes and threads at most, of one", n)
	}
}

// apart: runs do not see the server, nor one another.
func apart(t *testing.T, s Subject) {
	t.Run("descriptors", func(t *testing.T) {
		var wg sync.WaitGroup
		atOnce := make(chan struct{}, 4*runtime.NumCPU()) // a boundary has seconds to come up, on slow machines too
		for range 50 {
			atOnce <- struct{}{}
			wg.Go(func() {
				defer func() { <-atOnce }()
				session, err := s.Backend.Open(t.Context(), sandbox.Spec{
					Trusted: s.Trusted, Limits: bench.DefaultLimits(), Files: s.Files,
				})
				if err != nil {
					t.Error(err)
					return
				}
				defer session.Close()
				o, err := session.Run(t.Context(), s.exec("fds"))
				if err != nil || strings.Count(stdout(o), "\n") != 3 {
					t.Errorf("open descriptors, error %v:\n%s", err, stdout(o))
				}
			})
		}
		wg.Wait()
	})
	t.Run("samples", func(t *testing.T) {
		session := s.session(t, nil)
		for sample := range 3 {
			if o := runIn(t, session, s.exec("count")); stdout(o) != "1\n" {
				t.Errorf("sample %d saw %s of its predecessors: %s", sample, stdout(o), o.Output.Stderr)
			}
		}
	})
	t.Run("signals to the runner", func(t *testing.T) {
		session := s.session(t, nil)
		for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGSEGV, syscall.SIGCHLD, syscall.SIGURG} {
			o := runIn(t, session, s.exec("kill-parent", fmt.Sprint(int(sig))))
			expect(t, o, bench.OK)
		}
	})
}
