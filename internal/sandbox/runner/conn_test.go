package runner

import (
	"context"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"benchcell/internal/sandbox/runner/frame"
)

// peer plays a runner that says what the test wants: a real one can't be made
// to lie.
func peer(t *testing.T, says ...[]byte) net.Conn {
	t.Helper()
	ours, theirs := net.Pipe()
	go func() {
		defer theirs.Close()
		buf := make([]byte, 1<<16)
		for i, s := range says {
			if i == 1 { // the first is the greeting, then a job comes
				if _, err := theirs.Read(buf); err != nil {
					return
				}
			}
			if _, err := theirs.Write(s); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() { _ = ours.Close() })
	return ours
}

var (
	hello = frame.AppendReady(nil, frame.Ready{Version: frame.Version, Pid: 7, Floor: 9})
	done  = frame.AppendResult(nil, &frame.Result{Status: frame.Exited})
	job   = frame.Job{Argv: []string{"x"}, Timeout: int64(time.Second), Output: 10}
)

func TestGreeting(t *testing.T) {
	for name, c := range map[string]struct {
		says []byte
		err  string
	}{
		"good":            {hello, ""},
		"another version": {frame.AppendReady(nil, frame.Ready{Version: 99}), "version 99"},
		"another frame":   {done, "type 67"},
		"nothing":         {nil, "did not greet"},
		"garbage":         {[]byte("HTTP/1.1 200 OK\r\n\r\n"), "bound"},
	} {
		conn, err := Greet(t.Context(), peer(t, c.says))
		if (err == nil) != (c.err == "") || (err != nil && !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && conn.Floor() != 9 {
			t.Errorf("floor %d", conn.Floor())
		}
	}
}

func TestGreetingIsNotWaitedForWithoutEnd(t *testing.T) {
	ours, theirs := net.Pipe()
	defer theirs.Close()
	defer ours.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := Greet(ctx, ours); err == nil {
		t.Error("a silent runner greeted")
	}
}

// Nor is it that a runner takes what it is told: one that was stopped would keep a run,
// and with it the right to measure, for ever.
func TestAnOrderIsNotHandedOverWithoutEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		defer theirs.Close()
		defer ours.Close()
		go func() { _, _ = theirs.Write(hello) }() // and reads nothing
		c, err := Greet(t.Context(), ours)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.SetStdin(make([]byte, 1<<20)); err == nil || !strings.Contains(err.Error(), "did not answer in time") {
			t.Errorf("%v", err)
		}
	})
}

// Nothing that a runner says is believed beyond its bounds.
func TestReports(t *testing.T) {
	out := func(text string) []byte { return frame.AppendOutput(nil, frame.Stdout, []byte(text)) }
	for name, c := range map[string]struct {
		says [][]byte
		err  string
	}{
		"good":                  {[][]byte{hello, out("0123456789"), done}, ""},
		"more than asked for":   {[][]byte{hello, out("0123456789"), out("x"), done}, "more output"},
		"an end without report": {[][]byte{hello, out("x")}, "lost"},
		"a greeting again":      {[][]byte{hello, hello}, "type 65"},
		"a result cut short":    {[][]byte{hello, {3, 0, 0, 0, 67, 1, 0, 0}}, "early"},
		"an unknown frame":      {[][]byte{hello, {0, 0, 0, 0, 200}}, "type 200"},
		"a giant frame":         {[][]byte{hello, {0, 0, 0x40, 0, 66}}, "bound"},
	} {
		conn, err := Greet(t.Context(), peer(t, c.says...))
		if err != nil {
			t.Fatal(err)
		}
		report, err := conn.Do(t.Context(), &job, nil)
		if (err == nil) != (c.err == "") || (err != nil && !strings.Contains(err.Error(), c.err)) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && string(report.Stdout) != "0123456789" {
			t.Errorf("stdout %q", report.Stdout)
		}
	}
}

// A large chunk comes whole although it does not fit the reading buffer.
func TestLargeChunk(t *testing.T) {
	text := strings.Repeat("x", 200_000)
	conn, err := Greet(t.Context(), peer(t, hello, frame.AppendOutput(nil, frame.Stderr, []byte(text)), done))
	if err != nil {
		t.Fatal(err)
	}
	large := job
	large.Output = 1 << 20
	seen := 0
	report, err := conn.Do(t.Context(), &large, func(stdout bool, chunk []byte) {
		if !stdout {
			seen += len(chunk)
		}
	})
	if err != nil || string(report.Stderr) != text || seen != len(text) {
		t.Errorf("stderr %d bytes, seen %d, %v", len(report.Stderr), seen, err)
	}
}
