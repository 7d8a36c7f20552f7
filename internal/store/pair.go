package store

import (
	"context"
	"strconv"

	"benchcell/internal/bench"
)

// sideB is the id of the other side where a run is side A of a comparison.
func sideB(r *bench.Run) *string {
	if r.Side == nil || *r.Side != bench.SideA {
		return nil
	}
	return r.PairedWith
}

// Pairs lists the runs that take turns, A and B, newest first, and the cursor of
// the next page, "" at the end.
func (s *Store) Pairs(ctx context.Context, cursor string, limit int) (pairs [][2]*bench.Run, next string, err error) {
	before, err := numberIn(cursor)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.reads.QueryContext(ctx, `SELECT a.seq, a.body, b.body FROM runs a INDEXED BY runs_of_pairs JOIN runs b ON b.id = a.side_b
		WHERE a.side_b IS NOT NULL AND a.seq < ? ORDER BY a.seq DESC LIMIT +?`, before, limit+1)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	for last := int64(0); rows.Next(); {
		if len(pairs) == limit {
			return pairs, strconv.FormatInt(last, 10), nil
		}
		var bodies [2][]byte
		if err := rows.Scan(&last, &bodies[0], &bodies[1]); err != nil {
			return nil, "", err
		}
		pair := [2]*bench.Run{new(bench.Run), new(bench.Run)}
		for i, body := range bodies {
			if err := unpack(body, pair[i]); err != nil {
				return nil, "", err
			}
		}
		pairs = append(pairs, pair)
	}
	return pairs, "", rows.Err()
}

// numberIn a cursor, which the rows of the next page lie under; a number above all
// without one.
func numberIn(cursor string) (int64, error) {
	if cursor == "" {
		return 1 << 62, nil
	}
	n, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil || n < 0 {
		return 0, bench.Errorf(bench.CodeInvalid, "cursor %q is not one that this server gave", cursor)
	}
	return n, nil
}
