package store

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"benchcell/internal/bench"
)

// awaited submits a run that somebody waits for.
func awaited(t *testing.T, s *Store, id string) (ended <-chan *bench.Run, forget func()) {
	t.Helper()
	ended, forget, err := s.SubmitAwaited(t.Context(), submission(id, "a"))
	if err != nil {
		t.Fatal(err)
	}
	return ended, forget
}

func untold(s *Store) bool { return s.untold.Load() != s.told.Load() }

// Every way to see a run that is not on the disk yet brings it there.
func TestNobodyIsToldOfWhatTheDiskDoesNotHave(t *testing.T) {
	for name, look := range map[string]func(ctx context.Context, s *Store) error{
		"the run": func(ctx context.Context, s *Store) error { _, err := s.Run(ctx, "1"); return err },
		"runs": func(ctx context.Context, s *Store) error {
			_, _, err := s.Runs(ctx, bench.RunFilter{}, "", 10)
			return err
		},
		"a page of runs": func(ctx context.Context, s *Store) error {
			_, _, err := s.Runs(ctx, bench.RunFilter{}, "", 1)
			return err
		},
		"its plan":     func(ctx context.Context, s *Store) error { _, err := s.Plan(ctx, "1"); return err },
		"its samples":  func(ctx context.Context, s *Store) error { _, err := s.Samples(ctx, "1"); return err },
		"its output":   func(ctx context.Context, s *Store) error { _, err := s.Output(ctx, "1", true); return err },
		"events":       func(ctx context.Context, s *Store) error { _, err := s.EventsAfter(ctx, "", 0, 10); return err },
		"newest event": func(ctx context.Context, s *Store) error { _, _, err := s.EventRange(ctx); return err },
		"counts":       func(ctx context.Context, s *Store) error { _, _, err := s.Counts(ctx); return err },
		"audit":        func(ctx context.Context, s *Store) error { _, _, err := s.AuditLog(ctx, "", 10); return err },
		"a page of it": func(ctx context.Context, s *Store) error { _, _, err := s.AuditLog(ctx, "", 1); return err },
	} {
		s := openIn(t, Options{})
		submit(t, s, "0")
		for range 2 {
			s.Audit(bench.AuditEntry{Action: "a", Door: bench.DoorToken, Outcome: bench.AuditDone})
		}
		get(t, s, "0")
		if untold(s) {
			t.Fatal("a run that nobody waits for is on the disk when Submit returns")
		}
		_, forget := awaited(t, s, "1")
		if !untold(s) {
			t.Fatal("an awaited run waits for the disk")
		}
		if err := look(t.Context(), s); err != nil || untold(s) {
			t.Errorf("%s: told of it before the disk has it: %v, %v", name, untold(s), err)
		}
		forget()
	}
}

// Somebody else looks while a run is written: that the disk has all from before
// says nothing of it.
func TestWhatIsBeingWrittenIsNotTold(t *testing.T) {
	s := openIn(t, Options{})
	err := s.write(t.Context(), &write{loose: true, untold: true, do: func(*transaction) error { return s.Told() }})
	if err != nil || !untold(s) {
		t.Errorf("it is taken for durable: %v", err)
	}
	if err := s.Told(); err != nil || untold(s) {
		t.Error(err)
	}
}

func TestAnAwaitedRunIsToldOfWhenItHasEnded(t *testing.T) {
	s := openIn(t, Options{})
	ended, forget := awaited(t, s, "1")
	defer forget()
	select {
	case r := <-ended:
		t.Fatalf("told of %+v", r)
	default:
	}
	finish(t, s, "1", bench.OK, &bench.Measurement{})
	if r := <-ended; r.State != bench.Finished {
		t.Errorf("told of %+v", r)
	}
	if _, _, err := s.SubmitAwaited(t.Context(), submission("1", "a")); bench.CodeOf(err) != bench.CodeInternal {
		t.Errorf("one that can't be stored: %v", err)
	}
	if len(s.watchers.byRun) != 0 {
		t.Error("somebody still waits for it")
	}
}

// An earlier server may have been killed before anybody was told.
func TestWhatWasLeftUntoldIsToldAfterTheDiskHasIt(t *testing.T) {
	s := openIn(t, Options{})
	if !untold(s) {
		t.Error("what lies in the log is taken for durable")
	}
	if err := s.Told(); err != nil || untold(s) {
		t.Error(err)
	}
}

func TestWhatCannotReachTheDiskIsNotTold(t *testing.T) {
	s := openIn(t, Options{})
	submit(t, s, "1")
	log := filepath.Join(s.options.Dir, fileName+"-wal")
	if err := os.Rename(log, log+".away"); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(log, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(t.Context(), "1"); bench.CodeOf(err) != bench.CodeStorage {
		t.Errorf("told all the same: %v", err)
	}
	if err := os.Remove(log); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(log+".away", log); err != nil {
		t.Fatal(err)
	}
	get(t, s, "1")
}
