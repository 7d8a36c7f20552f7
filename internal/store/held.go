package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"benchcell/internal/bench"
)

// held are runs under way that are not in the file yet: see Begin.
type held struct {
	mu   sync.Mutex
	runs map[string]*heldRun
}

type heldRun struct {
	row
	late  *time.Timer // writes it
	tried atomic.Bool // to write it, so that it may be in the file
}

// Begin takes a run that was taken as soon as it was submitted, for somebody who is
// told of it when it has ended, on the channel, and of nothing before. Who does not
// listen any more calls forget.
//
// To write that it was queued and that it was taken costs more than a short run. So
// it is held back, and its end writes all of it, durably: one transaction, where
// there were three. Whoever looks for runs has it written first, and so has one that
// takes longer than patience. One that is lost with the server was told to nobody.
func (s *Store) Begin(ctx context.Context, sub bench.Submission, take bench.Transition) (ended <-chan *bench.Run, forget func(), err error) {
	caller := bench.CallerOf(ctx)
	row, err := rowOf(&sub, caller.Share())
	event, err2 := eventOf(take.Run)
	if err := errors.Join(err, err2); err != nil {
		return nil, nil, err
	}
	row.run, row.events = take.Run, append(row.events, event)
	ended, forget = s.Watch(sub.Run.ID)
	s.hold(&heldRun{row: row})
	return ended, forget, nil
}

func (s *Store) hold(r *heldRun) {
	h := &s.held
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.runs == nil {
		h.runs = map[string]*heldRun{}
	}
	h.runs[r.run.ID] = r
	r.late = time.AfterFunc(patience, func() {
		if err := s.writeOut(r); err != nil {
			s.options.Log.Error("a run under way can't be shown", "run", r.run.ID, "error", err)
		}
	})
}

func (h *held) of(id string) *heldRun {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.runs[id]
}

func (h *held) drop(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r := h.runs[id]; r != nil {
		r.late.Stop()
		delete(h.runs, id)
	}
}

func (h *held) all() []*heldRun {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Collect(maps.Values(h.runs))
}

// Settle writes what is held back, for whoever knows of it from elsewhere, and
// returns once it can be told.
func (s *Store) Settle() error {
	s.settle()
	return s.Told()
}

// settle writes what is held back. What can't be written stays, and whoever looks is
// not shown it: its end is tried until it can be.
func (s *Store) settle() {
	for _, r := range s.held.all() {
		_ = s.writeOut(r)
	}
}

func (s *Store) writeOut(r *heldRun) error {
	body, err := pack(r.run)
	if err != nil {
		return err
	}
	r.tried.Store(true)
	err = s.write(context.Background(), &write{loose: true, untold: true, do: func(tx *transaction) error {
		return writeHeld(tx, r, body)
	}})
	if err == nil {
		s.held.drop(r.run.ID)
	}
	return err
}

// writeHeld writes a run as it stands, unless its end has come first.
func writeHeld(tx *transaction, r *heldRun, body []byte) error {
	if written, err := r.isWritten(tx); written || err != nil {
		return err
	}
	whole := r.row
	whole.body = body
	_, err := insertRun(tx, &whole)
	return err
}

func (r *heldRun) isWritten(tx *transaction) (bool, error) {
	if !r.tried.Load() {
		return false, nil
	}
	err := tx.QueryRow("SELECT 1 FROM runs WHERE id = ?", r.run.ID).Scan(new(int))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// insertHeld writes a run that was held back as its end has left it.
func insertHeld(tx *transaction, r *heldRun, t *bench.Transition, body, event []byte) (seq int64, err error) {
	if t.From != r.run.State || t.Attempt != r.run.Attempt {
		return 0, noLonger(t)
	}
	r.tried.Store(true)
	whole := r.row
	whole.run, whole.body, whole.events = t.Run, body, slices.Concat(r.events, [][]byte{event})
	return insertRun(tx, &whole)
}
