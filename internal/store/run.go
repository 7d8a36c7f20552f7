package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"benchcell/internal/bench"
)

// open is what the index of queued and running runs holds. SQLite uses it only
// where a query says the same; without, it reads every run that ever was.
const open = "state <> 'finished'"

// Submit stores new runs as queued, all or none. A full queue refuses them
// with CodeQueueFull, and one client's full share of it with CodeQueueShare.
func (s *Store) Submit(ctx context.Context, runs []bench.Submission, batch *bench.Batch) error {
	insert, err := s.insert(ctx, runs, batch)
	if err != nil {
		return err
	}
	return s.apply(ctx, insert)
}

// SubmitAwaited stores one new run as queued for somebody who is told of it when it
// has ended, on the channel: the disk need not have it sooner, unless somebody
// looks. Who does not listen any more calls forget.
func (s *Store) SubmitAwaited(ctx context.Context, run bench.Submission) (ended <-chan *bench.Run, forget func(), err error) {
	insert, err := s.insert(ctx, []bench.Submission{run}, nil)
	if err != nil {
		return nil, nil, err
	}
	ended, forget = s.Watch(run.Run.ID)
	if err := s.write(ctx, &write{loose: true, untold: true, do: insert}); err != nil {
		forget()
		return nil, nil, err
	}
	return ended, forget, nil
}

// insert is the change that stores new runs.
func (s *Store) insert(ctx context.Context, runs []bench.Submission, batch *bench.Batch) (func(*transaction) error, error) {
	caller := bench.CallerOf(ctx)
	client := caller.Share()
	rows, err := rowsOf(runs, client)
	if err != nil {
		return nil, err
	}
	return func(tx *transaction) error {
		var queued int
		if err := tx.QueryRow("SELECT count(*) FROM runs WHERE state = 'queued' AND " + open).Scan(&queued); err != nil {
			return err
		}
		if queued+len(runs) > s.options.MaxQueue {
			return bench.Errorf(bench.CodeQueueFull, "the queue holds %d runs and takes at most %d", queued, s.options.MaxQueue)
		}
		if queued+len(runs) > s.options.MaxShare && client != "" { // nobody has more than all have
			if err := s.checkShare(tx, client, len(runs)); err != nil {
				return err
			}
		}
		for i := range runs {
			if err := checkConfirms(tx, &runs[i].Run); err != nil {
				return err
			}
		}
		if batch != nil {
			if _, err := tx.Exec("INSERT INTO batches VALUES (?, ?, ?)",
				batch.ID, batch.Parallel, time.Now().UnixMilli()); err != nil {
				return err
			}
		}
		for i := range rows {
			if _, err := insertRun(tx, &rows[i]); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// row is a run that is not in the store yet, with its texts. They are written before
// it is its turn: whoever has the transaction keeps all others waiting.
type row struct {
	run        *bench.Run
	client     string
	source     string // of its files, if it has some
	plan, body []byte
	events     [][]byte // of all that it has come through, oldest first
}

func rowOf(s *bench.Submission, client string) (row, error) {
	plan, err := json.Marshal(&s.Plan)
	event, err2 := eventOf(&s.Run)
	return row{run: &s.Run, client: client, source: s.Plan.Source, plan: plan, events: [][]byte{event}}, errors.Join(err, err2)
}

func rowsOf(runs []bench.Submission, client string) ([]row, error) {
	rows := make([]row, len(runs))
	for i := range runs {
		row, err := rowOf(&runs[i], client)
		body, err2 := pack(row.run)
		if err := errors.Join(err, err2); err != nil {
			return nil, err
		}
		rows[i], rows[i].body = row, body
	}
	return rows, nil
}

// checkShare keeps one client from filling the queue for all.
func (s *Store) checkShare(tx *transaction, client string, more int) error {
	var has int
	if err := tx.QueryRow("SELECT count(*) FROM runs WHERE state = 'queued' AND client = ? AND "+open, client).Scan(&has); err != nil {
		return err
	}
	if has+more > s.options.MaxShare {
		return bench.Errorf(bench.CodeQueueShare, "%s has %d runs in the queue, and one client may have at most %d", client, has, s.options.MaxShare)
	}
	return nil
}

// insertRun stores a run as it is, with all its events.
func insertRun(tx *transaction, row *row) (seq int64, err error) {
	plan, err := planID(tx, row.plan, row.source)
	if err != nil {
		return 0, err
	}
	r := row.run
	var finished *int64
	if r.FinishedAt != nil {
		finished = new(r.FinishedAt.UnixMilli())
	}
	done, err := tx.Exec(`INSERT INTO runs (id, plan, batch, slug, category, isolation, measured, state, attempt, body, client, side_b,
			verdict, median, finished_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, plan, r.Batch, r.Slug, r.Category, isolationOf(r), r.Kind.Measured(), r.State, r.Attempt, row.body, row.client, sideB(r),
		r.Verdict, r.Time.Median, finished)
	if err != nil {
		return 0, fmt.Errorf("insert run: %w", err)
	}
	if err := awaitConfirmation(tx, r); err != nil {
		return 0, err
	}
	if err := insertEvents(tx, r.ID, row.events...); err != nil {
		return 0, err
	}
	return done.LastInsertId()
}

// isolationOf is what a run had, or is to have.
func isolationOf(r *bench.Run) bench.Isolation {
	if r.Isolation.Effective != nil {
		return *r.Isolation.Effective
	}
	return r.Isolation.Requested
}

// planID stores a plan once, however many runs have it.
func planID(tx *transaction, body []byte, source string) (id int64, err error) {
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:16])
	err = tx.QueryRow("SELECT id FROM plans WHERE hash = ?", hash).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRow("INSERT INTO plans (hash, body, source) VALUES (?, ?, ?) RETURNING id", hash, compress(body), source).Scan(&id)
	}
	return id, err
}

// eventOf tells of the state that a run has come to.
func eventOf(r *bench.Run) ([]byte, error) {
	return json.Marshal(bench.Event{
		At: time.Now().UTC(), Run: r.ID, Batch: r.Batch, Slug: r.Slug, State: r.State, Verdict: r.Verdict, Rating: r.Rating,
	})
}

func insertEvents(tx *transaction, run string, bodies ...[]byte) error {
	var values []any
	for _, body := range bodies {
		values = append(values, run, string(body))
	}
	_, err := tx.Exec("INSERT INTO events (run, body) VALUES (?, ?)"+strings.Repeat(", (?, ?)", len(bodies)-1), values...)
	if err != nil {
		err = fmt.Errorf("insert events: %w", err)
	}
	return err
}

// Apply changes a run if it is still in the state and attempt that the
// transition names; otherwise it is a conflict and nothing changes.
func (s *Store) Apply(ctx context.Context, t bench.Transition) error {
	body, err := pack(t.Run)
	event, err2 := eventOf(t.Run)
	if err := errors.Join(err, err2); err != nil {
		return err
	}
	samples, stdout, stderr := encodeSamples(t.Samples), []byte(nil), []byte(nil)
	if t.Output != nil {
		stdout, stderr = compress(t.Output.Stdout), compress(t.Output.Stderr)
	}
	var report []byte
	if t.Report != nil {
		report = compress(t.Report.Body)
	}
	// That a run was taken may be lost with the machine's power: it is queued
	// then, and taken again.
	w := &write{loose: t.Run.State == bench.Running}
	if t.Run.State == bench.Finished {
		w.ends = t.Run
	}
	held := s.held.of(t.Run.ID)
	w.do = func(tx *transaction) error {
		seq, err := change(tx, &t, body, event, held)
		if err != nil {
			return err
		}
		if t.Run.State == bench.Finished {
			if err := countDay(tx, t.Run); err != nil {
				return err
			}
			if err := errors.Join(insertPoint(tx, seq, t.Run, t.Run.Confirms != nil), insertSelfCheck(tx, seq, t.Run)); err != nil {
				return err
			}
		}
		if err := insertSamples(tx, seq, samples); err != nil {
			return err
		}
		if err := insertOutputs(tx, seq, stdout, stderr); err != nil {
			return err
		}
		if t.Report != nil {
			if err := insertReport(tx, t.Report, report, false); err != nil {
				return err
			}
		}
		return nil
	}
	return s.write(ctx, w)
}

// change writes what a run has become and the event that tells of it: all of the run,
// if it was held back until now.
func change(tx *transaction, t *bench.Transition, body, event []byte, held *heldRun) (seq int64, err error) {
	if held != nil {
		written, err := held.isWritten(tx)
		if err != nil {
			return 0, err
		}
		if !written {
			return insertHeld(tx, held, t, body, event)
		}
	}
	if seq, err = updateRun(tx, t, body); err != nil {
		return 0, err
	}
	return seq, insertEvents(tx, t.Run.ID, event)
}

func updateRun(tx *transaction, t *bench.Transition, body []byte) (seq int64, err error) {
	r := t.Run
	if r.State == bench.Finished {
		err = tx.QueryRow(`UPDATE runs SET state = ?, attempt = ?, body = ?, verdict = ?, median = ?, isolation = ?, finished_at = ?
			WHERE id = ? AND state = ? AND attempt = ? RETURNING seq`, r.State, r.Attempt, body,
			r.Verdict, r.Time.Median, isolationOf(r), r.FinishedAt.UnixMilli(), r.ID, t.From, t.Attempt).Scan(&seq)
	} else { // what is set is written into every index that holds it, even if it stays as it was
		err = tx.QueryRow(`UPDATE runs SET state = ?, attempt = ?, body = ?
			WHERE id = ? AND state = ? AND attempt = ? RETURNING seq`, r.State, r.Attempt, body, r.ID, t.From, t.Attempt).Scan(&seq)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return 0, noLonger(t)
	}
	return seq, err
}

func noLonger(t *bench.Transition) error {
	return bench.Errorf(bench.CodeConflict, "run %s is no longer %s at attempt %d", t.Run.ID, t.From, t.Attempt)
}

const day = 24 * 60 * 60

func countDay(tx *transaction, r *bench.Run) error {
	ok := 0
	if *r.Verdict == bench.OK {
		ok = 1
	}
	_, err := tx.Exec(`INSERT INTO days VALUES (?, ?, ?, 1)
		ON CONFLICT DO UPDATE SET ok = ok + excluded.ok, total = total + 1`, r.Slug, r.FinishedAt.Unix()/day, ok)
	return err
}

// interruptRunning ends the runs of a server that died. Queued ones stay.
func (s *Store) interruptRunning(ctx context.Context) error {
	rows, err := s.reads.QueryContext(ctx, "SELECT body FROM runs WHERE state = 'running' AND "+open)
	if err != nil {
		return err
	}
	lost, err := scanRuns(rows)
	if err != nil {
		return err
	}
	for _, r := range lost {
		t := r.End(bench.Interrupted, time.Now().UTC()).Fail("The server stopped while this was running.")
		if err := s.Apply(ctx, t); err != nil {
			return err
		}
	}
	return nil
}
