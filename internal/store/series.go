package store

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"benchcell/internal/bench"
)

// mostSeries bounds a list of a benchmark's series: each edit of it begins one.
const mostSeries = 500

// SeriesOf lists a benchmark's series, that of its newest run first.
func (s *Store) SeriesOf(ctx context.Context, slug string) ([]bench.SeriesInfo, error) {
	rows, err := s.reads.QueryContext(ctx, "SELECT "+seriesColumns+", points, first_at, last_at FROM series WHERE slug = ? ORDER BY newest DESC LIMIT +?",
		slug, mostSeries)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []bench.SeriesInfo
	for rows.Next() {
		var i bench.SeriesInfo
		var first, last int64
		if err := rows.Scan(&i.Benchmark, &i.Machine, &i.Isolation, &i.Definition, &i.Points, &first, &last); err != nil {
			return nil, err
		}
		i.First, i.Last = time.UnixMilli(first).UTC(), time.UnixMilli(last).UTC()
		list = append(list, i)
	}
	return list, rows.Err()
}

// Course is the newest points of a series behind a run, by its number. They come
// straight from the driver: to scan ten thousand rows takes database/sql longer
// than to read them.
func (s *Store) Course(ctx context.Context, of bench.Series, behind int64, limit int) (*bench.Course, error) {
	conn, err := s.reads.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }() // back to the pool
	c := &bench.Course{}
	err = conn.Raw(func(raw any) error {
		query := "SELECT run, at, median, cpu, max_rss, branch FROM points WHERE " + ofSeries + " AND run > ? ORDER BY run DESC LIMIT +?"
		rows, err := raw.(driver.QueryerContext).QueryContext(ctx, query, named(append(keyOf(of), behind, int64(limit)))) //nolint:forcetypeassert // of our driver
		if err != nil {
			return err
		}
		return errors.Join(scanCourse(rows, c), rows.Close())
	})
	for _, figures := range [][]float64{c.Medians, c.CPU, c.MaxRSS} {
		slices.Reverse(figures)
	}
	slices.Reverse(c.Runs)
	slices.Reverse(c.At)
	slices.Reverse(c.Branches)
	return c, err
}

func named(values []any) []driver.NamedValue {
	list := make([]driver.NamedValue, len(values))
	for i, v := range values {
		if of, ok := v.(bench.Isolation); ok {
			v = string(of)
		}
		list[i] = driver.NamedValue{Ordinal: i + 1, Value: v}
	}
	return list
}

func scanCourse(rows driver.Rows, c *bench.Course) error {
	row, branches := make([]driver.Value, len(rows.Columns())), map[string]string{}
	for {
		if err := rows.Next(row); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		c.Runs, c.At = append(c.Runs, row[0].(int64)), append(c.At, row[1].(int64)) //nolint:forcetypeassert // columns of integers alone
		c.Medians, c.CPU, c.MaxRSS = append(c.Medians, figure(row[2])), append(c.CPU, figure(row[3])), append(c.MaxRSS, figure(row[4]))
		branch, _ := row[5].(string)
		if _, known := branches[branch]; !known {
			branches[branch] = branch
		}
		c.Branches = append(c.Branches, branches[branch]) // few texts, which many points share
	}
}

func figure(v driver.Value) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case int64:
		return float64(v)
	}
	return math.NaN()
}

// Points lists some of a series, by their numbers in its course.
func (s *Store) Points(ctx context.Context, of bench.Series, runs []int64) ([]bench.Point, error) {
	text, err := json.Marshal(runs)
	if err != nil {
		return nil, err
	}
	rows, err := s.reads.QueryContext(ctx, "SELECT "+pointColumns+" FROM points WHERE "+ofSeries+
		" AND run IN (SELECT value FROM json_each(?)) ORDER BY run", append(keyOf(of), string(text))...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := make([]bench.Point, len(runs))
	n := 0
	for ; rows.Next(); n++ {
		if err := scanPoint(rows, &list[n]); err != nil {
			return nil, err
		}
	}
	return list[:n], rows.Err()
}
