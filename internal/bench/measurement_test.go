package bench

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestStreamOf(t *testing.T) {
	long := strings.Repeat("x", tailBytes)
	for _, c := range []struct {
		name, kept string
		dropped    int64
		tail       string
	}{
		{"nothing", "", 0, ""},
		{"short", "bye\n", 0, "bye\n"},
		{"cut off", "head", 10, "head"},
		{"only the end is shown", "0123" + long, 0, long},
		{"no half of two bytes", "a" + "ä" + long[1:], 0, long[1:]},
		{"no half of four bytes", "a" + "😀" + long[1:], 0, long[1:]},
		{"a whole character at the cut", "a" + "ä" + long[2:], 0, "ä" + long[2:]},
		{"invalid bytes become the sign for it", "a\xff\xfeb", 0, "a\uFFFD\uFFFDb"},
		{"NUL stays", "a\x00b", 0, "a\x00b"},
		{"binary that looks like halves of characters is not eaten", strings.Repeat("\x80", 5000), 0, strings.Repeat("\uFFFD", tailBytes-3)},
	} {
		s := streamOf([]byte(c.kept), int64(len(c.kept))+c.dropped)
		want := Stream{Bytes: int64(len(c.kept)) + c.dropped, Kept: int64(len(c.kept)), Truncated: c.dropped > 0, Tail: c.tail}
		if s != want || !utf8.ValidString(s.Tail) {
			t.Errorf("%s: got %.80q…, %d of %d", c.name, s.Tail, s.Kept, s.Bytes)
		}
	}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func newRun() Run {
	return NewRun("01RUN", &Plan{Benchmark: command(), Requested: Process}, nil, noon)
}

func TestTransitionsNameWhatTheySaw(t *testing.T) {
	queued := newRun()
	take := queued.Take(noon.Add(time.Second))
	if take.From != Queued || take.Attempt != 0 || take.Run.State != Running || take.Run.Attempt != 1 {
		t.Errorf("take: %+v of %+v", take, take.Run)
	}
	end := take.Run.End(OK, noon.Add(2*time.Second))
	if end.From != Running || end.Attempt != 1 || end.Run.State != Finished || *end.Run.Verdict != OK || end.Run.FinishedAt == nil {
		t.Errorf("end: %+v of %+v", end, end.Run)
	}
	if failed := queued.End(Cancelled, noon).Fail("why"); failed.From != Queued || *failed.Run.Error != "why" {
		t.Errorf("a queued run's end: %+v", failed)
	}
	if queued.State != Queued || len(queued.Timeline) != 1 || take.Run.State != Running {
		t.Error("a transition changed the run that it is of")
	}
}

func TestCopiesOfARunShareNoTimeline(t *testing.T) {
	run := newRun()
	run.Timeline = append(make([]Moment, 0, 8), run.Timeline...) // room to be overwritten
	first, second := run.Take(noon.Add(time.Second)), run.Take(noon.Add(2*time.Second))
	if first.Run.Timeline[1].At != 1000 || second.Run.Timeline[1].At != 2000 {
		t.Errorf("timelines %v and %v", first.Run.Timeline, second.Run.Timeline)
	}
}

func TestRecord(t *testing.T) {
	run := newRun().Take(noon.Add(time.Millisecond)).Run
	code, process := 3, Process
	m := &Measurement{
		Verdict: NonzeroExit, Error: "why", Effective: &process, Fallback: "no container", Ended: noon.Add(time.Second),
		Death: &Death{How: "exited", Code: &code}, Output: Output{Stdout: []byte("out")}, Produced: [2]int64{5, 0},
		Timeline: []Instant{{EventStarted, noon.Add(1500 * time.Microsecond)}},
		Samples:  []Sample{{Wall: 1, Warmup: true}, {Wall: 2}}, Warnings: []Warning{{Code: "w"}},
	}
	got := run.Record(m)
	r := got.Run
	if *r.Verdict != NonzeroExit || *r.Error != "why" || *r.ExitCode != 3 || r.Signal != nil || len(r.Warnings) != 1 {
		t.Errorf("recorded %+v", r)
	}
	if *r.Isolation.Effective != Process || !r.Isolation.Isolated || *r.Isolation.FallbackReason != "no container" {
		t.Errorf("isolation %+v", r.Isolation)
	}
	if last := r.Timeline[len(r.Timeline)-1]; last != (Moment{EventStarted, 1.5}) || len(r.Timeline) != 3 {
		t.Errorf("timeline %v", r.Timeline)
	}
	if !r.Stdout.Truncated || r.Stdout.Tail != "out" || r.Stderr != (Stream{}) || string(got.Output.Stdout) != "out" {
		t.Errorf("streams %+v, %+v", r.Stdout, r.Stderr)
	}
	if walls := m.Walls(); len(walls) != 1 || walls[0] != 2 || len(got.Samples) != 2 {
		t.Errorf("walls %v", walls)
	}
}

func TestEvidenceAddsUpAndKeepsWhatWasNotMeasuredAbsent(t *testing.T) {
	one, two, memory := int64(1), int64(2), LimitMemory
	a := Evidence{OOMKills: &one, StdoutDropped: 3}
	b := Evidence{OOMKills: &two, Leftovers: &two, StdoutDropped: 4, LimitReached: &memory}
	sum := a.Plus(b)
	if *sum.OOMKills != 3 || *sum.Leftovers != 2 || sum.PidsRefused != nil || sum.ThrottledTime != nil ||
		sum.StdoutDropped != 7 || sum.LimitReached != &memory {
		t.Errorf("got %+v", sum)
	}
	if one != 1 || two != 2 {
		t.Error("a counter was changed in place")
	}
}
