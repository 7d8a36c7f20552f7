package store

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
)

func TestARunFromSubmitToFinish(t *testing.T) {
	s := openIn(t, Options{})
	sub := submission("1", "sort")
	sub.Plan.Strict = map[string]bool{"memory": true}
	if err := s.Submit(t.Context(), []bench.Submission{sub}, nil); err != nil {
		t.Fatal(err)
	}
	if r := get(t, s, "1"); r.State != bench.Queued || r.Slug != "sort" || !r.CreatedAt.Equal(sub.Run.CreatedAt) {
		t.Errorf("queued: %+v", r)
	}
	if p, err := s.Plan(t.Context(), "1"); err != nil || p.Command[0] != "true" || !p.Strict["memory"] || p.Requested != bench.Process {
		t.Errorf("plan: %+v, %v", p, err)
	}
	waiting, err := s.Queue(t.Context(), nil, 10)
	if err != nil || len(waiting) != 1 || waiting[0] != (bench.Waiting{ID: "1", Measured: true}) {
		t.Errorf("queue: %+v, %v", waiting, err)
	}
	taken := apply(t, s, get(t, s, "1").Take(time.Now().UTC()))
	if r := get(t, s, "1"); r.State != bench.Running || r.Attempt != 1 {
		t.Errorf("taken: %+v", r)
	}
	effective, code := bench.InProcess, 0
	apply(t, s, taken.Record(&bench.Measurement{
		Verdict: bench.OK, Effective: &effective, Ended: time.Now().UTC(), Death: &bench.Death{How: "exited", Code: &code},
		Samples: []bench.Sample{{Wall: 2, Warmup: true}, {Wall: 1.5}},
		Output:  bench.Output{Stdout: []byte("out")},
	}))
	r := get(t, s, "1")
	if r.State != bench.Finished || *r.Verdict != bench.OK || *r.ExitCode != 0 || *r.Isolation.Effective != bench.InProcess {
		t.Errorf("finished: %+v", r)
	}
	samples, err := s.Samples(t.Context(), "1")
	if err != nil || len(samples) != 2 || !samples[0].Warmup || samples[1].Wall != 1.5 {
		t.Errorf("samples: %+v, %v", samples, err)
	}
	if out, err := s.Output(t.Context(), "1", true); err != nil || string(out) != "out" {
		t.Errorf("stdout: %q, %v", out, err)
	}
	if out, err := s.Output(t.Context(), "1", false); err != nil || len(out) != 0 {
		t.Errorf("stderr: %q, %v", out, err)
	}
	events, err := s.EventsAfter(t.Context(), "", 0, 10)
	if err != nil || len(events) != 3 || events[0].State != bench.Queued || events[1].State != bench.Running || *events[2].Verdict != bench.OK {
		t.Errorf("events: %+v, %v", events, err)
	}
	if queued, running, err := s.Counts(t.Context()); queued != 0 || running != 0 || err != nil {
		t.Errorf("%d queued and %d running, %v", queued, running, err)
	}
}

// state is everything that a refused change must leave as it was.
func state(t *testing.T, s *Store) string {
	t.Helper()
	var text strings.Builder
	for _, query := range []string{
		"SELECT group_concat(state || attempt || coalesce(verdict, '') || body) FROM runs",
		"SELECT count(*) FROM events", "SELECT count(*) FROM samples", "SELECT count(*) FROM outputs",
		"SELECT group_concat(what || bytes) FROM totals", "SELECT group_concat(slug || ok || '/' || total) FROM days",
		"SELECT count(*) FROM plans", "SELECT count(*) FROM batches",
	} {
		var answer *string
		if err := s.reads.QueryRow(query).Scan(&answer); err != nil {
			t.Fatal(err)
		}
		if answer != nil {
			fmt.Fprintln(&text, *answer)
		}
	}
	return text.String()
}

func TestALateTransitionIsAConflictAndChangesNothing(t *testing.T) {
	s := openIn(t, Options{})
	submit(t, s, "queued", "running", "finished")
	now := time.Now().UTC()
	queued := *get(t, s, "queued")
	running := *apply(t, s, get(t, s, "running").Take(now))
	finish(t, s, "finished", bench.OK, nil)
	finished := *get(t, s, "finished")
	late := running // of an attempt that was lost
	late.Attempt = 0
	unknown := queued
	unknown.ID = "unknown"
	before := state(t, s)
	for name, transition := range map[string]bench.Transition{
		"taken twice":               queuedAgain(running).Take(now),
		"ended by a lost attempt":   late.Record(&bench.Measurement{Verdict: bench.OK, Ended: now, Samples: []bench.Sample{{Wall: 1}}, Output: bench.Output{Stdout: []byte("x")}}),
		"cancelled when finished":   runningAgain(finished).End(bench.Cancelled, now),
		"ended before it was taken": runningAgain(queued).End(bench.OK, now),
		"of no run":                 unknown.Take(now),
	} {
		err := s.Apply(t.Context(), transition)
		if bench.CodeOf(err) != bench.CodeConflict {
			t.Errorf("%s: %v", name, err)
		}
		if after := state(t, s); after != before {
			t.Errorf("%s changed the store from\n%s\nto\n%s", name, before, after)
		}
	}
}

func queuedAgain(r bench.Run) bench.Run  { r.State = bench.Queued; return r }
func runningAgain(r bench.Run) bench.Run { r.State = bench.Running; return r }

func TestAFullQueueTakesNoneOfABatch(t *testing.T) {
	s := openIn(t, Options{MaxQueue: 3})
	submit(t, s, "1", "2")
	before := state(t, s)
	batch := &bench.Batch{ID: "b", Parallel: 1}
	err := s.Submit(t.Context(), []bench.Submission{submission("3", "a"), submission("4", "b")}, batch)
	if bench.CodeOf(err) != bench.CodeQueueFull || !strings.Contains(err.Error(), "holds 2 runs and takes at most 3") {
		t.Errorf("got %v", err)
	}
	if after := state(t, s); after != before {
		t.Errorf("something was stored: %s", after)
	}
	submit(t, s, "3")
	apply(t, s, get(t, s, "1").Take(time.Now().UTC()))
	submit(t, s, "4") // the place of what was taken
}

func TestARunAndItsEventAreOneTransaction(t *testing.T) {
	s := openIn(t, Options{})
	submit(t, s, "1")
	run := get(t, s, "1")
	before := state(t, s)
	if _, err := s.writes.Exec("CREATE TRIGGER broken BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'no events'); END"); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(t.Context(), run.Take(time.Now().UTC())); bench.CodeOf(err) != bench.CodeInternal {
		t.Errorf("take: %v", err)
	}
	if err := s.Submit(t.Context(), []bench.Submission{submission("2", "b")}, nil); err == nil {
		t.Error("a run was stored without its event")
	}
	if after := state(t, s); after != before {
		t.Errorf("half of a change was stored: %s", after)
	}
	if _, err := s.writes.Exec("DROP TRIGGER broken"); err != nil {
		t.Fatal(err)
	}
	apply(t, s, run.Take(time.Now().UTC()))
}

func TestAPlanIsStoredOnce(t *testing.T) {
	s := openIn(t, Options{})
	submit(t, s, "1", "2", "3")
	var n int
	if err := s.reads.QueryRow("SELECT count(*) FROM plans").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d plans, %v", n, err)
	}
}

// What the store will never take must not be tried for ever.
func TestWhatCanNeverBeStoredIsNoTroubleOfTheDisk(t *testing.T) {
	s := openIn(t, Options{})
	submit(t, s, "1")
	err := s.Submit(t.Context(), []bench.Submission{submission("1", "a")}, nil)
	if bench.CodeOf(err) != bench.CodeInternal {
		t.Errorf("the same id twice: %v (%s)", err, bench.CodeOf(err))
	}
	run := get(t, s, "1").Take(time.Now().UTC()).Run
	nan := math.NaN()
	run.Time.Median = &nan
	if err := s.Apply(t.Context(), run.End(bench.OK, time.Now().UTC())); bench.CodeOf(err) != bench.CodeInternal {
		t.Errorf("a median that is no number: %v", err)
	}
}

func TestUnknownRuns(t *testing.T) {
	s := openIn(t, Options{})
	for _, id := range []string{"", "nobody", "a\x00b", strings.Repeat("x", 1<<20)} {
		_, run := s.Run(t.Context(), id)
		_, plan := s.Plan(t.Context(), id)
		_, samples := s.Samples(t.Context(), id)
		_, output := s.Output(t.Context(), id, true)
		_, machine := s.Machine(t.Context(), id)
		for what, err := range map[string]error{"run": run, "plan": plan, "samples": samples, "output": output, "machine": machine} {
			if bench.CodeOf(err) != bench.CodeNotFound || len(err.Error()) > 300 {
				t.Errorf("%s of %.10q: %v", what, id, err)
			}
		}
	}
}

func TestMachines(t *testing.T) {
	s := openIn(t, Options{})
	m := bench.Machine{ID: "m", Hostname: "old"}
	for _, name := range []string{"old", "new"} {
		m.Hostname = name
		if err := s.SaveMachine(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := s.Machine(t.Context(), "m"); err != nil || got.Hostname != "new" {
		t.Errorf("got %+v, %v", got, err)
	}
}
