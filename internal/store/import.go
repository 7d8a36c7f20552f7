package store

import (
	"context"
	"encoding/json"

	"benchcell/internal/bench"
)

// Ended is a run that has ended elsewhere, with what it left.
type Ended struct {
	Plan *bench.Plan
	bench.Transition
}

// Import adds runs that have ended, all or none, as they would lie here had they
// run here. They are old: they make no events, and nobody is told of changes
// among them.
func (s *Store) Import(ctx context.Context, list []Ended) error {
	packed := make([]packedRun, len(list))
	for i := range list {
		var err error
		if packed[i], err = packEnded(&list[i].Transition); err != nil {
			return err
		}
	}
	defer func() {
		for i := range list {
			s.forget(list[i].Run.Slug)
		}
	}()
	return s.apply(ctx, func(tx *transaction) error {
		plans := map[*bench.Plan]int64{} // most have the same few
		for i := range list {
			plan, known := plans[list[i].Plan]
			if !known {
				body, err := json.Marshal(list[i].Plan)
				if err != nil {
					return err
				}
				if plan, err = planID(tx, body, list[i].Plan.Source); err != nil {
					return err
				}
				plans[list[i].Plan] = plan
			}
			if err := importRun(tx, plan, list[i].Run, packed[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// packedRun is a run and what it left, as they are stored.
type packedRun struct{ body, samples, stdout, stderr []byte }

func packEnded(t *bench.Transition) (p packedRun, err error) {
	p.body, err = pack(t.Run)
	p.samples = encodeSamples(t.Samples)
	if t.Output != nil {
		p.stdout, p.stderr = compress(t.Output.Stdout), compress(t.Output.Stderr)
	}
	return p, err
}

func importRun(tx *transaction, plan int64, r *bench.Run, p packedRun) error {
	isolation := r.Isolation.Requested
	if r.Isolation.Effective != nil {
		isolation = *r.Isolation.Effective
	}
	var seq int64
	err := tx.QueryRow(`INSERT INTO runs (id, plan, batch, slug, category, isolation, measured, state, attempt, verdict, median, finished_at, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`, r.ID, plan, r.Batch, r.Slug, r.Category, isolation, r.Kind.Measured(),
		r.State, r.Attempt, r.Verdict, r.Time.Median, r.FinishedAt.UnixMilli(), p.body).Scan(&seq)
	if err != nil {
		return err
	}
	if err := countDay(tx, r); err != nil {
		return err
	}
	if err := insertPoint(tx, seq, r, true); err != nil {
		return err
	}
	if err := insertSamples(tx, seq, p.samples); err != nil {
		return err
	}
	return insertOutputs(tx, seq, p.stdout, p.stderr)
}
