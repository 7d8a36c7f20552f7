package store

import (
	"context"
	"encoding/json"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"benchcell/internal/bench"
)

// begin takes a run that is under way from the first, and gives it as it is then.
func begin(t *testing.T, s *Store, id string) (running *bench.Run, ended <-chan *bench.Run) {
	t.Helper()
	sub := submission(id, "a")
	take := sub.Run.Take(time.Now().UTC())
	ended, forget, err := s.Begin(t.Context(), sub, take)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(forget)
	return take.Run, ended
}

func inTable(t *testing.T, s *Store, id string) bool {
	t.Helper()
	var n int
	if err := s.reads.QueryRowContext(t.Context(), "SELECT count(*) FROM runs WHERE id = ?", id).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n == 1
}

// columns is all that the tables hold of a run, but for when it happened.
func columns(t *testing.T, s *Store, id string) (all []any) {
	t.Helper()
	var seq int64
	row := make([]any, 13)
	into := []any{&seq}
	for i := range row {
		into = append(into, &row[i])
	}
	err := s.reads.QueryRowContext(t.Context(), `SELECT seq, plan, batch, slug, category, isolation, measured, state, attempt, client, side_b,
		verdict, median, finished_at IS NOT NULL FROM runs WHERE id = ?`, id).Scan(into...)
	if err != nil {
		t.Fatal(err)
	}
	samples, err := s.Samples(t.Context(), id)
	output, err2 := s.Output(t.Context(), id, true)
	events, err3 := s.EventsAfter(t.Context(), id, 0, 10)
	if err != nil || err2 != nil || err3 != nil {
		t.Fatal(err, err2, err3)
	}
	for i := range events {
		events[i].Seq, events[i].At, events[i].Run = 0, time.Time{}, ""
	}
	var days int
	if err := s.reads.QueryRowContext(t.Context(), "SELECT count(*) FROM points WHERE run = ?", seq).Scan(&days); err != nil {
		t.Fatal(err)
	}
	return append(row, samples, output, events, days)
}

// Whether a run was held back, seen on its way, or queued like any other: the store
// holds the same of it.
func TestARunIsStoredTheSameWhetherItWasHeldBackOrNot(t *testing.T) {
	s := openIn(t, Options{})
	median := 2.5
	m := &bench.Measurement{
		Verdict: bench.OK, Ended: time.Now().UTC(), Samples: []bench.Sample{{Wall: median}}, Output: bench.Output{Stdout: []byte("said")},
	}
	end := func(running *bench.Run) {
		t := running.Record(m)
		t.Run.Time.Median = &median
		if err := s.Apply(context.Background(), t); err != nil {
			panic(err)
		}
	}
	submit(t, s, "queued")
	end(apply(t, s, get(t, s, "queued").Take(time.Now().UTC())))
	held, ended := begin(t, s, "held")
	if inTable(t, s, "held") {
		t.Error("it was written at once")
	}
	end(held)
	if r := <-ended; r.ID != "held" || r.State != bench.Finished {
		t.Errorf("told of %+v", r)
	}
	seen, _ := begin(t, s, "seen")
	if r := get(t, s, "seen"); r.State != bench.Running || r.Attempt != 1 {
		t.Errorf("on its way it is %+v", r)
	}
	end(seen)
	want := columns(t, s, "queued")
	for _, id := range []string{"held", "seen"} {
		// The slug of a submission is the same for all, and so is its plan.
		if got := columns(t, s, id); !reflect.DeepEqual(got[1:], want[1:]) {
			a, _ := json.Marshal(got)
			b, _ := json.Marshal(want)
			t.Errorf("%s:\n%s\nwant\n%s", id, a, b)
		}
	}
	if len(s.held.runs) != 0 {
		t.Errorf("%d are held back for ever", len(s.held.runs))
	}
}

func TestWhoeverLooksSeesWhatIsHeldBack(t *testing.T) {
	for name, look := range map[string]func(ctx context.Context, s *Store) error{
		"the run":  func(ctx context.Context, s *Store) error { _, err := s.Run(ctx, "1"); return err },
		"its plan": func(ctx context.Context, s *Store) error { _, err := s.Plan(ctx, "1"); return err },
		"runs": func(ctx context.Context, s *Store) error {
			_, _, err := s.Runs(ctx, bench.RunFilter{}, "", 10)
			return err
		},
		"counts":                         func(ctx context.Context, s *Store) error { _, _, err := s.Counts(ctx); return err },
		"audit":                          func(ctx context.Context, s *Store) error { _, _, err := s.AuditLog(ctx, "", 10); return err },
		"who knows of it from elsewhere": func(_ context.Context, s *Store) error { return s.Settle() },
	} {
		s := openIn(t, Options{})
		begin(t, s, "1")
		if err := look(t.Context(), s); err != nil || untold(s) {
			t.Errorf("%s: %v, told before the disk has it: %v", name, err, untold(s))
		}
		if !inTable(t, s, "1") || len(s.held.runs) != 0 {
			t.Errorf("%s: it is not seen", name)
		}
	}
}

func TestNothingIsHeldBackForLong(t *testing.T) {
	s := openIn(t, Options{})
	begin(t, s, "1")
	for begun := time.Now(); !inTable(t, s, "1"); time.Sleep(time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatal("it was never written")
		}
	}
}

func TestAStoreThatClosesHoldsNothingBack(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	begin(t, s, "1")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openIn(t, Options{Dir: dir})
	if r := get(t, s, "1"); r.Verdict == nil || *r.Verdict != bench.Interrupted {
		t.Errorf("it is %+v", r)
	}
}

func TestALateEndOfAHeldRunIsAConflict(t *testing.T) {
	s := openIn(t, Options{})
	running, _ := begin(t, s, "1")
	end := running.Record(&bench.Measurement{Verdict: bench.OK, Ended: time.Now().UTC()})
	other := end
	other.Attempt++
	if err := s.Apply(t.Context(), other); bench.CodeOf(err) != bench.CodeConflict {
		t.Errorf("of another attempt: %v", err)
	}
	apply(t, s, end)
	if err := s.Apply(t.Context(), end); bench.CodeOf(err) != bench.CodeConflict {
		t.Errorf("a second end: %v", err)
	}
	if n := columns(t, s, "1"); len(n) == 0 {
		t.Error("it is gone")
	}
}

// What was held back is not lost with a write that fails: its end is tried again.
func TestWhatIsHeldBackSurvivesAWriteThatFails(t *testing.T) {
	s := openIn(t, Options{})
	file := another(t, filepath.Join(s.options.Dir, fileName))
	change := func(statement string) {
		if _, err := file.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	change("CREATE TRIGGER broken BEFORE INSERT ON runs BEGIN SELECT RAISE(FAIL, 'broken'); END")
	running, ended := begin(t, s, "1")
	end := running.Record(&bench.Measurement{Verdict: bench.OK, Ended: time.Now().UTC()})
	if err := s.Apply(t.Context(), end); err == nil {
		t.Fatal("it was stored where nothing can be")
	}
	if _, err := s.Run(t.Context(), "1"); bench.CodeOf(err) != bench.CodeNotFound {
		t.Errorf("shown without being stored: %v", err)
	}
	change("DROP TRIGGER broken")
	apply(t, s, end)
	if r := <-ended; r.State != bench.Finished {
		t.Errorf("told of %+v", r)
	}
}

// A line of the audit log does not take a transaction for itself where a run is about
// to end: what has no hurry waits for company.
func TestWhatHasNoHurryWaitsForCompany(t *testing.T) {
	s := openIn(t, Options{})
	line := func() *write { return &write{loose: true, patient: true, do: func(*transaction) error { return nil }} }
	queued := make(chan *write, 8)
	gathering := &Store{queue: queued}
	queued <- line()
	queued <- &write{}
	queued <- line()
	if group := gathering.gather(line()); len(group) != 4 {
		t.Errorf("%d in one transaction", len(group))
	}
	go func() { queued <- &write{} }()
	if group := gathering.gather(line()); len(group) != 2 {
		t.Errorf("with one that comes later, %d in one transaction", len(group))
	}
	begun := time.Now()
	if group := gathering.gather(line()); len(group) != 1 || time.Since(begun) < patience {
		t.Errorf("alone: %d after %v", len(group), time.Since(begun))
	}
	close(queued)
	if group := gathering.gather(line()); len(group) != 1 {
		t.Errorf("when the store closes: %d", len(group))
	}
	s.Audit(bench.AuditEntry{Action: "a", Outcome: bench.AuditDone, Door: bench.DoorToken})
	if list, _, err := s.AuditLog(t.Context(), "", 10); err != nil || len(list) != 1 {
		t.Errorf("the log has %v, %v", list, err)
	}
}
