package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"benchcell/internal/bench"
)

// SaveReport stores an imported report.
func (s *Store) SaveReport(ctx context.Context, r bench.StoredReport) error {
	packed := compress(r.Body)
	return s.apply(ctx, func(tx *transaction) error { return insertReport(tx, &r, packed, true) })
}

func insertReport(tx *transaction, r *bench.StoredReport, packed []byte, imported bool) error {
	_, err := tx.Exec("INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		r.ID, r.Name, r.Format, r.Results, r.Metrics, imported, r.CreatedAt.UnixMilli(), packed)
	return err
}

// Report is a report by its id, or that of the run that it is of.
func (s *Store) Report(ctx context.Context, id string) (*bench.StoredReport, error) {
	r, at := &bench.StoredReport{}, int64(0)
	var packed []byte
	err := s.reads.QueryRowContext(ctx, "SELECT id, name, format, results, metrics, created_at, body FROM reports WHERE id = ?", id).
		Scan(&r.ID, &r.Name, &r.Format, &r.Results, &r.Metrics, &at, &packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, bench.Errorf(bench.CodeNotFound, "there is no report %.64s", id)
	}
	if err != nil {
		return nil, err
	}
	r.CreatedAt = time.UnixMilli(at).UTC()
	r.Body, err = decoder.DecodeAll(packed, nil)
	return r, err
}

// Reports lists imported reports, newest first.
func (s *Store) Reports(ctx context.Context, limit int) ([]bench.ReportInfo, error) {
	rows, err := s.reads.QueryContext(ctx, `SELECT id, name, format, results, metrics, created_at FROM reports
		WHERE imported = 1 ORDER BY created_at DESC, id DESC LIMIT +?`, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := []bench.ReportInfo{}
	for rows.Next() {
		var r bench.ReportInfo
		var at int64
		if err := rows.Scan(&r.ID, &r.Name, &r.Format, &r.Results, &r.Metrics, &at); err != nil {
			return nil, err
		}
		r.CreatedAt = time.UnixMilli(at).UTC()
		list = append(list, r)
	}
	return list, rows.Err()
}
