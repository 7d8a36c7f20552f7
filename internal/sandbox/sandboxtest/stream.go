package sandboxtest

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"benchcell/internal/bench"
	"benchcell/internal/sandbox"
)

// outputs: kept to the byte up to the limit, drained and counted past it.
func outputs(t *testing.T, s Subject) {
	const limit = 100_000
	small := func(spec *sandbox.Spec) { spec.Limits.Output = limit }
	strict := func(spec *sandbox.Spec) { small(spec); spec.Strict[bench.LimitOutput] = true }
	t.Run("both streams", func(t *testing.T) {
		o := s.run(t, "print", "to stdout", "to stderr")
		if stdout(o) != "to stdout" || string(o.Output.Stderr) != "to stderr" {
			t.Errorf("stdout %q, stderr %q", stdout(o), o.Output.Stderr)
		}
	})
	t.Run("binary", func(t *testing.T) {
		want := []byte{0, 0xff, 0xfe, 'a', 0xc3, 0x28, '\n', 0x1b, '[', '2', 'J'}
		if o := s.run(t, "binary"); !bytes.Equal(o.Output.Stdout, want) {
			t.Errorf("stdout %q", o.Output.Stdout)
		}
	})
	for _, extra := range []int{0, 1, 5 << 20} {
		t.Run("past the limit by "+strconv.Itoa(extra), func(t *testing.T) {
			o := runIn(t, s.session(t, small), s.exec("write", strconv.Itoa(limit+extra)))
			expect(t, o, bench.OK)
			if len(o.Output.Stdout) != limit || o.StdoutProduced != int64(limit+extra) || o.Evidence.StdoutDropped != int64(extra) {
				t.Errorf("kept %d, produced %d, dropped %d", len(o.Output.Stdout), o.StdoutProduced, o.Evidence.StdoutDropped)
			}
		})
	}
	t.Run("flood under a strict limit", func(t *testing.T) {
		o := runIn(t, s.session(t, strict), s.exec("flood"))
		expect(t, o, bench.OutputLimit)
		if len(o.Output.Stdout) != limit || o.Evidence.LimitReached == nil || *o.Evidence.LimitReached != bench.LimitOutput {
			t.Errorf("kept %d bytes, limit reached %v", len(o.Output.Stdout), o.Evidence.LimitReached)
		}
	})
	t.Run("closed early", func(t *testing.T) {
		o := s.run(t, "close-stdout", "200")
		expect(t, o, bench.OK)
		if o.Wall < 200*time.Millisecond {
			t.Errorf("waited %v only", o.Wall)
		}
	})
	t.Run("live", func(t *testing.T) { liveOutput(t, s) })
}

// liveOutput goes to whoever watches, too.
func liveOutput(t *testing.T, s Subject) {
	var mu sync.Mutex
	var seen bytes.Buffer
	exec := s.exec("print", "early", "")
	exec.Output = func(stdout bool, chunk []byte) {
		mu.Lock()
		defer mu.Unlock()
		if stdout {
			seen.Write(chunk)
		}
	}
	runIn(t, s.session(t, nil), exec)
	if seen.String() != "early" {
		t.Errorf("live output %q", seen.String())
	}
}

// inputs: standard input, arguments and environment arrive as they are, and
// nothing else does.
func inputs(t *testing.T, s Subject) {
	text := strings.Repeat("line of input\n", 50_000)
	session := s.session(t, func(spec *sandbox.Spec) { spec.Stdin = []byte(text) })
	for sample := range 3 {
		if o := runIn(t, session, s.exec("cat")); stdout(o) != text {
			t.Errorf("sample %d read %d of %d bytes", sample, len(o.Output.Stdout), len(text))
		}
	}
	if o := s.run(t, "cat"); o.Verdict != bench.OK || len(o.Output.Stdout) != 0 {
		t.Errorf("without input: %s, read %d bytes", o.Verdict, len(o.Output.Stdout))
	}
	args := []string{"; touch /x", "$(id)", "a\nb", `\`, "", "ü"}
	if o := s.run(t, append([]string{"args"}, args...)...); stdout(o) != `["; touch /x" "$(id)" "a\nb" "\\" "" "ü"]`+"\n" {
		t.Errorf("arguments arrived as %s", stdout(o))
	}
	exec := s.exec("env")
	exec.Env = append(exec.Env, "ONE=1")
	var names []string
	for _, line := range lines(runIn(t, s.session(t, nil), exec)) {
		name, _, _ := strings.Cut(line, "=")
		names = append(names, name)
	}
	slices.Sort(names)
	want := []string{"ONE", "PATH", "TMPDIR"}
	if s.Root {
		want = []string{"HOME", "ONE", "PATH", "TMPDIR"}
	}
	if !slices.Equal(names, want) {
		t.Errorf("environment %q, want %q", names, want)
	}
	exec = s.exec("pwd")
	exec.Dir = "/"
	folder := "/\n"
	if s.Root {
		folder = "/work\n"
	}
	if o := runIn(t, s.session(t, nil), exec); stdout(o) != folder {
		t.Errorf("working folder %q", stdout(o))
	}
}
