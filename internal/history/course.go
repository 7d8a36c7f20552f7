package history

import (
	"context"
	"math"
	"slices"
	"sync"

	"benchcell/internal/bench"
	"benchcell/internal/stats"
)

const (
	mostRuns    = 20_000 // newest runs of a series that a trend looks at
	mostCourses = 16     // series whose courses are kept, of a megabyte each at most
)

// course is what a trend is made of. It never changes: a longer one takes its place.
type course struct {
	bench.Course
	of      bench.Series
	points  int                 // of the series, when it was read
	search  stats.Search        // for the change points of the ok runs
	changes []stats.ChangePoint // whose Index is in the course
}

// courses keeps those that were asked for last: to read ten thousand runs and
// find their change points takes longer than anyone waits, and most of the time
// only one run has been added.
type courses struct {
	store Store

	mu   sync.Mutex
	kept []*course // the last asked for comes first
}

// get the course of a series as it is now.
func (c *courses) get(ctx context.Context, info bench.SeriesInfo) (*course, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old := &course{of: info.Series}
	at := slices.IndexFunc(c.kept, func(k *course) bool { return k.of == info.Series })
	if at >= 0 {
		old = c.kept[at]
		c.kept = slices.Delete(c.kept, at, at+1)
	}
	now, err := c.extend(ctx, old, info)
	if err == nil {
		c.kept = slices.Insert(c.kept[:min(len(c.kept), mostCourses-1)], 0, now)
	}
	return now, err
}

// extend a course by what was added since. Runs may end in another order than
// they were queued in: where the count shows that, all is read anew.
func (c *courses) extend(ctx context.Context, old *course, info bench.SeriesInfo) (*course, error) {
	if old.points == info.Points {
		return old, nil
	}
	var last int64
	if n := len(old.Runs); n > 0 {
		last = old.Runs[n-1]
	}
	more, err := c.store.Course(ctx, info.Series, last, mostRuns)
	if err != nil {
		return nil, err
	}
	if last > 0 && old.points+len(more.Runs) != info.Points {
		return c.extend(ctx, &course{of: info.Series}, info)
	}
	now := &course{Course: joined(&old.Course, more), of: info.Series, points: info.Points}
	if len(now.Runs) == len(old.Runs)+len(more.Runs) { // none was dropped at its start
		now.search = old.search
	}
	now.changes, now.search = now.changesOf(nil, now.search)
	return now, nil
}

func joined(a, b *bench.Course) bench.Course {
	from := max(len(a.Runs)+len(b.Runs)-mostRuns, 0)
	return bench.Course{
		Runs: slices.Concat(a.Runs, b.Runs)[from:], At: slices.Concat(a.At, b.At)[from:],
		Medians: slices.Concat(a.Medians, b.Medians)[from:], CPU: slices.Concat(a.CPU, b.CPU)[from:],
		MaxRSS: slices.Concat(a.MaxRSS, b.MaxRSS)[from:], Branches: slices.Concat(a.Branches, b.Branches)[from:],
	}
}

// changesOf the ok runs of a course, or of those among them that belong. The search
// goes on from where it was.
func (c *course) changesOf(belongs func(i int) bool, search stats.Search) ([]stats.ChangePoint, stats.Search) {
	var at []int
	var values []float64
	for i, m := range c.Medians {
		if !math.IsNaN(m) && (belongs == nil || belongs(i)) {
			at, values = append(at, i), append(values, m)
		}
	}
	changes, search := search.Of(values)
	for i := range changes {
		changes[i].Index = at[changes[i].Index]
	}
	return changes, search
}

// part is what was asked for of a course.
type part struct {
	*course
	rows    []int               // where its runs lie in the course
	changes []stats.ChangePoint // among these
}

func (c *course) part(q bench.TrendQuery) part {
	p := part{course: c}
	ofBranch := func(i int) bool { return q.Branch == "" || c.Branches[i] == q.Branch }
	for i, at := range c.At {
		if ofBranch(i) && (q.From.IsZero() || at >= q.From.UnixMilli()) && (q.To.IsZero() || at <= q.To.UnixMilli()) {
			p.rows = append(p.rows, i)
		}
	}
	p.rows = p.rows[max(len(p.rows)-q.Limit, 0):]
	all := c.changes
	if q.Branch != "" {
		all, _ = c.changesOf(ofBranch, stats.Search{})
	}
	for _, change := range all {
		if _, within := slices.BinarySearch(p.rows, change.Index); within {
			p.changes = append(p.changes, change)
		}
	}
	return p
}

// latest are the last runs with a median, n at most, the oldest first.
func (p part) latest(n int) []int {
	var rows []int
	for i := len(p.rows) - 1; i >= 0 && len(rows) < n; i-- {
		if !math.IsNaN(p.Medians[p.rows[i]]) {
			rows = append(rows, p.rows[i])
		}
	}
	slices.Reverse(rows)
	return rows
}
