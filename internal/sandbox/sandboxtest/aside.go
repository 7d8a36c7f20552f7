package sandboxtest

import (
	"testing"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// asides: commands beside the program come before and after it in one boundary,
// and leave its input and its figures alone.
func asides(t *testing.T, s Subject) {
	t.Run("what one leaves is there for the next", func(t *testing.T) {
		session := s.session(t, nil)
		for sample := range 2 {
			for i, want := range []string{"1\n", "2\n", "3\n"} {
				exec := s.exec("count")
				exec.Continue, exec.Aside = i > 0, i != 1
				if o := runIn(t, session, exec); stdout(o) != want {
					t.Errorf("sample %d: command %d counts %q %s", sample, i, stdout(o), o.Output.Stderr)
				}
			}
		}
	})
	t.Run("only the program reads the input", func(t *testing.T) {
		session := s.session(t, func(spec *sandbox.Spec) { spec.Stdin = []byte("input") })
		for aside, want := range map[bool]string{true: "", false: "input"} {
			exec := s.exec("cat")
			exec.Aside = aside
			if o := runIn(t, session, exec); o.Verdict != bench.OK || stdout(o) != want {
				t.Errorf("aside %v: %s, read %q", aside, o.Verdict, stdout(o))
			}
		}
	})
	t.Run("only the program's memory counts", func(t *testing.T) {
		session := s.session(t, nil)
		exec := s.exec("touch", "100")
		exec.Aside = true
		expect(t, runIn(t, session, exec), bench.OK)
		exec = s.exec("ok")
		exec.Continue = true
		if o := runIn(t, session, exec); value(o.MaxRSS) > 60<<20 || value(o.TreePeak) > 60<<20 {
			t.Errorf("maxRSS %d, peak of the tree %d", value(o.MaxRSS), value(o.TreePeak))
		}
	})
	if s.Root {
		t.Run("what a build made stays", func(t *testing.T) { builds(t, s) })
	}
}

// builds: /work is what the builds have made of it, whatever a sample does. They
// are repeated only if a sample has changed that.
func builds(t *testing.T, s Subject) {
	session, ran := s.session(t, nil), 0
	exec := func(args ...string) sandbox.Exec {
		e := s.exec(args...)
		e.Env = append(e.Env, "TMPDIR=/work")
		return e
	}
	build := exec("count")
	build.Build, build.Aside, build.Limits = true, true, bench.DefaultLimits()
	build.Output = func(bool, []byte) { ran++ }
	for _, want := range []string{"1\n", "2\n"} { // the second begins with what the first made
		if o := runIn(t, session, build); stdout(o) != want {
			t.Errorf("a build counts %q, want %q", stdout(o), want)
		}
	}
	for _, c := range []struct {
		args []string
		says string
		ran  int // builds so far, when it is over
	}{
		{[]string{"fill", "1"}, "", 2},
		{[]string{"list"}, "count guest\n", 2},
		{[]string{"count"}, "3\n", 2},
		{[]string{"count"}, "3\n", 4},
		{[]string{"remove", "count"}, "", 6},
		{[]string{"count"}, "3\n", 8},
		{[]string{"list"}, "count guest\n", 10},
	} {
		o := runIn(t, session, exec(c.args...))
		if o.Verdict != bench.OK || stdout(o) != c.says || ran != c.ran {
			t.Errorf("%v: %s, says %q %s after %d builds; want %q after %d", c.args, o.Verdict, stdout(o), o.Output.Stderr, ran, c.says, c.ran)
		}
	}
}
