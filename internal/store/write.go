package store

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"benchcell/internal/bench"
)

// write is one caller's change, carried out in a transaction with others.
type write struct {
	do      func(*transaction) error
	ends    *bench.Run // the run that it ends, if it does
	loose   bool       // may be lost with the machine's power: it is done again
	untold  bool       // may be lost as long as nobody is told of it: see Told
	patient bool       // waits for others to share a transaction with
	result  chan error // nil if nobody waits
}

// patience is how long what need not be written yet is held back for company.
const patience = 100 * time.Millisecond

// politeness is how often a processor is left to others before a transaction begins
// without them: where many runs end, a change costs least in company. Where none does
// this takes less than a microsecond.
const politeness = 4

// maxTogether bounds a transaction, so that no caller waits long for strangers.
const maxTogether = 128

// apply hands a change to the writer and waits until it is durable. A change
// may be tried twice: see commit.
func (s *Store) apply(ctx context.Context, do func(*transaction) error) error {
	return s.write(ctx, &write{do: do})
}

func (s *Store) write(ctx context.Context, w *write) error {
	w.result = make(chan error, 1)
	if err := s.enqueue(ctx, w); err != nil {
		return err
	}
	// From here on the change is made whether we wait or not, so we wait.
	return <-w.result
}

func (s *Store) enqueue(ctx context.Context, w *write) error {
	s.closing.RLock() // the queue is not closed under our hands
	defer s.closing.RUnlock()
	if s.closed {
		return bench.Errorf(bench.CodeUnavailable, "the store is closed")
	}
	select {
	case s.queue <- w:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// writeLoop takes what has come together into one transaction: a run costs a
// share of a commit, not commits of its own.
func (s *Store) writeLoop() {
	defer close(s.done)
	for first := range s.queue {
		s.commit(s.gather(first))
	}
}

// gather adds all that has come with it to a write and, as long as those are patient,
// what comes.
func (s *Store) gather(first *write) []*write {
	group, patient, late := []*write{first}, first.patient, (<-chan time.Time)(nil)
	if patient {
		late = time.After(patience)
	}
	for len(group) < maxTogether {
		next, ok := s.next(patient, late)
		if !ok {
			break
		}
		group, patient = append(group, next), patient && next.patient
	}
	return group
}

// next is another write that has come, or will come in time if that may be waited for.
func (s *Store) next(wait bool, late <-chan time.Time) (w *write, ok bool) {
	if wait {
		select {
		case w, ok = <-s.queue:
		case <-late:
		}
		return w, ok
	}
	for range politeness {
		select {
		case w, ok = <-s.queue:
			return w, ok
		default:
			runtime.Gosched()
		}
	}
	return nil, false
}

// commit carries out a group. A change that is refused before it wrote anything
// leaves the others alone; one that fails in the middle takes the transaction
// with it, and then each of the group is tried by itself.
func (s *Store) commit(group []*write) {
	results := make([]error, len(group))
	err := s.transact(group, results)
	s.logged.Store(s.untold.Load())
	if err != nil && len(group) > 1 {
		for i := range group {
			s.commit(group[i : i+1])
		}
		return
	}
	if err == nil {
		for _, w := range group {
			if w.ends != nil {
				s.forget(w.ends.Slug)
			}
		}
		s.bell.Ring()
	}
	for i, w := range group {
		if err != nil {
			results[i] = bench.Errorf(codeOf(err), "write to the store: %w", err)
		}
		if w.ends != nil && results[i] == nil {
			s.told.Store(s.logged.Load()) // SQLite has waited for the disk
			s.held.drop(w.ends.ID)
			s.watchers.tell(w.ends)
		}
		switch {
		case w.result != nil:
			w.result <- results[i]
		case results[i] != nil:
			s.options.Log.Error("a change that nobody waits for was not stored", "error", results[i])
		}
	}
}

// forget what was read of benchmarks before a run of theirs ended.
func (s *Store) forget(slugs ...string) {
	s.latest.forget(slugs...)
	s.medians.forget(slugs...)
}

func (s *Store) transact(group []*write, results []error) error {
	if err := s.setDurability(group); err != nil {
		return err
	}
	tx := s.writes
	if _, err := tx.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for i, w := range group {
		if w.untold {
			s.untold.Add(1) // before anybody can see it
		}
		results[i] = w.do(tx)
		var refused *bench.Error
		if results[i] != nil && !errors.As(results[i], &refused) {
			return errors.Join(results[i], tx.rollBack())
		}
	}
	_, err := tx.Exec("COMMIT")
	if err != nil {
		_ = tx.rollBack() // it says that there is nothing to do where SQLite has done so
	}
	return err
}

// setDurability lets a group of loose changes go without waiting for the disk.
// They survive a server that is killed, and the next durable change takes them
// to the disk with it.
func (s *Store) setDurability(group []*write) error {
	loose := !slices.ContainsFunc(group, func(w *write) bool { return !w.loose })
	if loose == s.loose {
		return nil
	}
	mode := "full"
	if loose {
		mode = "normal"
	}
	// Not prepared: SQLite obeys this one when it is parsed.
	_, err := s.writes.ExecContext(context.Background(), "PRAGMA synchronous = "+mode)
	if err == nil {
		s.loose = loose
	}
	return err
}

// codeOf tells a store that takes nothing now, so that it is worth trying again,
// from a change that it will never take.
func codeOf(err error) bench.Code {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff { // the primary code
		case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_ERROR:
			return bench.CodeInternal
		}
		return bench.CodeStorage
	}
	return bench.CodeInternal
}
