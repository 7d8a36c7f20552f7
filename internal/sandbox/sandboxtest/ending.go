package sandboxtest

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// endings: how a program ends is told exactly.
func endings(t *testing.T, s Subject) {
	for _, n := range []int{0, 1, 2, 125, 126, 127, 137, 255} {
		o := s.run(t, "exit", strconv.Itoa(n))
		want := bench.NonzeroExit
		if n == 0 {
			want = bench.OK
		}
		expect(t, o, want)
		if code(o) != n {
			t.Errorf("exit code %d, want %d", code(o), n)
		}
		if o.Death.How != "exited" {
			t.Errorf("exit %d: death %s", n, describe(o.Death))
		}
	}
	for sig, name := range map[string]string{"9": "SIGKILL", "15": "SIGTERM"} {
		o := s.run(t, "signal-self", sig)
		expect(t, o, bench.Signaled)
		if o.Death.Signal == nil || *o.Death.Signal != name || *o.Death.SentBy != "program" {
			t.Errorf("signal %s: death %s", name, describe(o.Death))
		}
	}
}

// starting: what can't be started is a verdict with the cause in words.
func starting(t *testing.T, s Subject) {
	session := s.session(t, nil)
	folder := t.TempDir()
	plain := filepath.Join(folder, "plain")
	if err := os.WriteFile(plain, []byte("no program\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		argv []string
		dir  string
		says string
	}{
		{argv: []string{"/does/not/exist"}, says: "is not there, or the interpreter"},
		{argv: []string{"no-such-program-here"}, says: "not found in PATH"},
		{argv: []string{"/"}, says: "is not executable: permission denied (EACCES)"},
		{argv: []string{s.Guest, "ok"}, dir: "/does/not/exist", says: "working folder"},
		{argv: []string{s.Guest, "ok"}, dir: "/dev/null", says: "working folder"},
		{argv: []string{s.Guest, strings.Repeat("x", 3<<20)}, says: "E2BIG"},
	} {
		if c.dir != "" && s.Root {
			continue // a boundary with a root of its own knows /work alone
		}
		exec := s.exec()
		exec.Argv, exec.Dir = c.argv, c.dir
		o := runIn(t, session, exec)
		expect(t, o, bench.StartFailed)
		if !strings.Contains(o.Reason, c.says) {
			t.Errorf("%.40q in %q: reason %.200q, want %q in it", c.argv[0], c.dir, o.Reason, c.says)
		}
	}
	// The session is as good as new.
	expect(t, runIn(t, session, s.exec("ok")), bench.OK)
}

// stopping: SIGTERM first, SIGKILL after the grace, and both are told.
func stopping(t *testing.T, s Subject) {
	session := s.session(t, nil)
	short := func(args ...string) sandbox.Exec {
		e := s.exec(args...)
		e.Timeout, e.Grace = 300*time.Millisecond, 400*time.Millisecond
		return e
	}
	t.Run("polite", func(t *testing.T) {
		o := runIn(t, session, short("say-bye"))
		expect(t, o, bench.Timeout)
		if stdout(o) != "bye\n" || !has(o, bench.EventSigterm) || has(o, bench.EventSigkill) || code(o) != 0 {
			t.Errorf("stdout %q, moments %v, code %d", stdout(o), o.Moments, code(o))
		}
	})
	t.Run("obstinate", func(t *testing.T) {
		o := runIn(t, session, short("ignore-term"))
		expect(t, o, bench.Timeout)
		if apart := at(o, bench.EventSigkill) - at(o, bench.EventSigterm); apart < 400*time.Millisecond {
			t.Errorf("SIGKILL came %v after SIGTERM", apart)
		}
		if o.Death.SentBy == nil || *o.Death.SentBy != "benchcell" {
			t.Errorf("death %s", describe(o.Death))
		}
	})
	t.Run("stopped", func(t *testing.T) {
		o := runIn(t, session, short("stop-self"))
		expect(t, o, bench.Timeout)
	})
	t.Run("whole tree", func(t *testing.T) {
		o := runIn(t, session, short("child", "ignore-term"))
		expect(t, o, bench.Timeout)
		if !has(o, bench.EventEmpty) {
			t.Error("the tree was not seen empty")
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		e := s.exec("say-bye")
		e.Output = func(bool, []byte) { cancel() } // it is ready, however slow the machine
		o, err := session.Run(ctx, e)
		if err != nil {
			t.Fatal(err)
		}
		expect(t, o, bench.Cancelled)
		if stdout(o) != "bye\n" {
			t.Errorf("stdout %q", stdout(o))
		}
	})
	expect(t, runIn(t, session, s.exec("ok")), bench.OK)
}

// leftovers: what a program leaves behind dies with it, at once.
func leftovers(t *testing.T, s Subject) {
	session := s.session(t, nil)
	for _, args := range [][]string{
		{"daemon", "sleep", "60000"},
		{"daemon", "daemon", "ignore-term"},
		{"child", "daemon", "daemon", "sleep", "60000"},
	} {
		begun := time.Now()
		o := runIn(t, session, s.exec(args...))
		expect(t, o, bench.OK)
		if value(o.Evidence.Leftovers) < 1 || !has(o, bench.EventEmpty) {
			t.Errorf("%q: %d leftovers, moments %v", args, value(o.Evidence.Leftovers), o.Moments)
		}
		// The daemon holds the program's output open: nobody waits for it.
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("%q took %v", args, took)
		}
	}
	expect(t, runIn(t, session, s.exec("ok")), bench.OK)
}
