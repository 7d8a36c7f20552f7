package store

import (
	"context"
	"time"

	"benchcell/internal/bench"
)

// Batches lists the newest, and how their runs came out. Ids sort by time, so
// that no index but theirs is needed.
func (s *Store) Batches(ctx context.Context, limit int) ([]bench.BatchInfo, error) {
	rows, err := s.reads.QueryContext(ctx, `
		SELECT batches.id, created_at, count(*), total(state <> 'finished'), total(verdict = 'ok')
		FROM batches JOIN runs ON runs.batch = batches.id
		WHERE batches.id IN (SELECT id FROM batches ORDER BY id DESC LIMIT +?)
		GROUP BY batches.id ORDER BY batches.id DESC`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []bench.BatchInfo{}
	for rows.Next() {
		var b bench.BatchInfo
		var at int64
		var open, ok float64
		if err := rows.Scan(&b.ID, &at, &b.Runs, &open, &ok); err != nil {
			return nil, err
		}
		b.CreatedAt, b.Open, b.OK = time.UnixMilli(at).UTC(), int(open), int(ok)
		b.Failed = b.Runs - b.Open - b.OK
		list = append(list, b)
	}
	return list, rows.Err()
}
