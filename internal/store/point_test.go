package store

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"benchcell/internal/bench"
)

// measured is a run of trusted code on a machine, at its end.
func measured(t testing.TB, s *Store, id string, v bench.Verdict, median float64) *bench.Run {
	t.Helper()
	sub := submission(id, "sort")
	sub.Run.Trusted = true
	sub.Run.Revision = &bench.Revision{Commit: "abcdef0", Branch: "main", Tags: []string{}}
	if err := s.Submit(t.Context(), []bench.Submission{sub}, nil); err != nil {
		t.Fatal(err)
	}
	process, machine := bench.Process, "host"
	run := apply(t, s, sub.Run.Take(time.Now().UTC()))
	end := run.Record(&bench.Measurement{Verdict: v, Effective: &process, Ended: time.Now().UTC()})
	end.Run.Machine, end.Run.Time.Median = &machine, &median
	return apply(t, s, end)
}

// history lists the points of the benchmark "sort", in few words.
func history(t *testing.T, s *Store) string {
	t.Helper()
	series, err := s.Series(t.Context(), bench.Series{Benchmark: "sort"})
	if err != nil {
		return err.Error()
	}
	runs, medians, err := s.Course(t.Context(), series, 100)
	if err != nil {
		t.Fatal(err)
	}
	points, err := s.Points(t.Context(), series, runs)
	if err != nil || len(points) != len(medians) {
		t.Fatal(points, medians, err)
	}
	var words []string
	for _, p := range points {
		median := "-"
		if p.Median != nil {
			median = fmt.Sprint(*p.Median)
		}
		words = append(words, fmt.Sprint(p.Run, " ", median, " ", p.Verdict, " ", *p.Commit))
	}
	return strings.Join(words, ", ")
}

const threePoints = "1 10 ok abcdef0, 2 - timeout abcdef0, 3 12 ok abcdef0"

func threeRuns(t *testing.T, s *Store) {
	t.Helper()
	measured(t, s, "1", bench.OK, 10)
	measured(t, s, "2", bench.Timeout, 11)
	measured(t, s, "3", bench.OK, 12)
}

func TestAHistoryHoldsWhatWasMeasured(t *testing.T) {
	s := openIn(t, Options{})
	threeRuns(t, s)
	submit(t, s, "strange") // untrusted, and not taken
	if got := history(t, s); got != threePoints {
		t.Errorf("got %s", got)
	}
	if list, err := s.Unjudged(t.Context(), 10); err != nil || len(list) != 2 {
		t.Errorf("unjudged: %+v, %v", list, err)
	}
	want := bench.Series{Benchmark: "sort", Machine: "another"}
	if _, err := s.Series(t.Context(), want); bench.CodeOf(err) != bench.CodeNotFound {
		t.Errorf("another machine: %v", err)
	}
}

// A store from before there was a history gets that of the runs it has, and
// nobody is told of changes long past.
func TestAnOlderStoreGetsItsHistory(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	threeRuns(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	inFile(t, dir, `DROP TABLE baselines; DROP TABLE alerts; DROP TABLE points; DROP TABLE series; DROP TABLE reports;
		DELETE FROM goose_db_version WHERE version_id > 2`)
	s = openIn(t, Options{Dir: dir})
	if got := history(t, s); got != threePoints {
		t.Errorf("got %s", got)
	}
	if list, err := s.Unjudged(t.Context(), 10); err != nil || len(list) != 0 {
		t.Errorf("unjudged: %+v, %v", list, err)
	}
}

func TestOneRunConfirmsOneAlert(t *testing.T) {
	s := openIn(t, Options{})
	r := measured(t, s, "1", bench.OK, 10)
	series := bench.Series{Benchmark: r.Slug, Machine: *r.Machine, Isolation: *r.Isolation.Effective, Definition: r.Definition}
	alert := bench.Alert{ID: "a", Series: series, Run: "1", Change: 0.2, CreatedAt: time.Now()}
	if err := s.Judge(t.Context(), "1", &alert); err != nil {
		t.Fatal(err)
	}
	accepted := bench.AlertAccepted
	if err := s.AnswerAlert(t.Context(), "a", &accepted, nil); bench.CodeOf(err) != bench.CodeConflict {
		t.Errorf("accepted before it is confirmed: %v", err)
	}
	again := func(id string) error {
		sub := submission(id, "sort")
		sub.Run.Confirms = &alert.Run
		return s.Submit(t.Context(), []bench.Submission{sub}, nil)
	}
	if err := again("2"); err != nil {
		t.Fatal(err)
	}
	if err := again("3"); bench.CodeOf(err) != bench.CodeConflict {
		t.Errorf("a second re-run: %v", err)
	}
	if _, err := s.Run(t.Context(), "3"); bench.CodeOf(err) != bench.CodeNotFound {
		t.Errorf("the refused run is stored: %v", err)
	}
	alert.Change = 0.25
	if err := s.ConfirmAlert(t.Context(), alert); err != nil {
		t.Fatal(err)
	}
	got, err := s.Alert(t.Context(), "a")
	if err != nil || got.State != bench.AlertConfirmed || *got.ConfirmedBy != "2" || got.Change != 0.25 {
		t.Errorf("%+v, %v", got, err)
	}
	if err := s.AnswerAlert(t.Context(), "b", &accepted, nil); bench.CodeOf(err) != bench.CodeNotFound {
		t.Errorf("an alert that is none: %v", err)
	}
}

func BenchmarkCourse(b *testing.B) {
	s := openIn(b, Options{})
	r := measured(b, s, "1", bench.OK, 10)
	if _, err := s.writes.Exec(`PRAGMA foreign_keys = 0; INSERT INTO points
		WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
		SELECT series, i, 'run-' || i, at + i, verdict, 10 + (i * 7919 % 1000) / 1e4, 9.9, 10.2, revision, branch, 1 FROM n, points`); err != nil {
		b.Fatal(err)
	}
	series := bench.Series{Benchmark: r.Slug, Machine: *r.Machine, Isolation: *r.Isolation.Effective, Definition: r.Definition}
	for b.Loop() {
		runs, medians, err := s.Course(b.Context(), series, 10_000)
		if err != nil || len(medians) != 10_000 {
			b.Fatal(len(medians), err)
		}
		if list, err := s.Points(b.Context(), series, runs[:1000]); err != nil || len(list) != 1000 {
			b.Fatal(len(list), err)
		}
	}
}
