package store

import (
	"errors"
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
	peak, user, system := int64(1<<20), int64(5000), int64(1000)
	end := run.Record(&bench.Measurement{Verdict: v, Effective: &process, Ended: time.Now().UTC(), Usage: bench.ResourceUsage{
		MaxRSS: &peak, CPUTime: bench.CPUTime{User: &user, System: &system},
	}})
	end.Run.Machine, end.Run.Time.Median, end.Run.Time.N = &machine, &median, 2
	return apply(t, s, end)
}

// history lists the points of the benchmark "sort", in few words.
func history(t *testing.T, s *Store) string {
	t.Helper()
	series, err := s.SeriesOf(t.Context(), "sort")
	if err != nil || len(series) != 1 {
		t.Fatal(series, err)
	}
	course, err := s.Course(t.Context(), series[0].Series, 0, 100)
	if err != nil || len(course.Medians) != series[0].Points {
		t.Fatal(course, series, err)
	}
	points, err := s.Points(t.Context(), series[0].Series, course.Runs)
	if err != nil || len(points) != len(course.Runs) {
		t.Fatal(points, course, err)
	}
	var words []string
	for _, p := range points {
		median := "-"
		if p.Median != nil {
			median = fmt.Sprint(*p.Median, " ms, ", *p.CPU, " µs, ", *p.MaxRSS>>20, " MiB,")
		}
		words = append(words, fmt.Sprint(p.Run, " ", median, " ", p.Verdict, " ", *p.Commit))
	}
	return strings.Join(words, ", ")
}

const threePoints = "1 10 ms, 3000 µs, 1 MiB, ok abcdef0, 2 - timeout abcdef0, 3 12 ms, 3000 µs, 1 MiB, ok abcdef0"

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
}

// A store from before there was a history gets that of the runs it has, and
// nobody is told of changes long past. One that has a history gets what its points
// did not have, and is not told anew what to judge.
func TestAnOlderStoreGetsItsHistory(t *testing.T) {
	const toAccess = "DROP TABLE selftest; DROP TABLE tokens; DROP TABLE sessions; DROP TABLE audit; ALTER TABLE runs DROP COLUMN client; " +
		"DROP INDEX runs_of_pairs; ALTER TABLE runs DROP COLUMN side_b; "
	const toTrend = "ALTER TABLE points DROP COLUMN cpu; ALTER TABLE points DROP COLUMN max_rss; " +
		"ALTER TABLE series DROP COLUMN points; ALTER TABLE series DROP COLUMN newest; " +
		"ALTER TABLE series DROP COLUMN first_at; ALTER TABLE series DROP COLUMN last_at; "
	for name, c := range map[string]struct {
		undo     string
		unjudged int
	}{
		"no history": {toAccess + `DROP TABLE self_checks; DROP TABLE baselines; DROP TABLE alerts; DROP TABLE points; DROP TABLE series; DROP TABLE reports;
			DELETE FROM goose_db_version WHERE version_id > 2`, 0},
		"no costs": {"DROP TABLE self_checks; " + toAccess + toTrend + "DELETE FROM goose_db_version WHERE version_id > 10", 1},
	} {
		dir := t.TempDir()
		s, err := Open(t.Context(), Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		threeRuns(t, s)
		if err := errors.Join(s.Judged(t.Context(), []string{"1"}), s.Close()); err != nil {
			t.Fatal(err)
		}
		inFile(t, dir, c.undo)
		s = openIn(t, Options{Dir: dir})
		if got := history(t, s); got != threePoints {
			t.Errorf("%s: got %s", name, got)
		}
		if list, err := s.Unjudged(t.Context(), 10); err != nil || len(list) != c.unjudged {
			t.Errorf("%s: unjudged: %+v, %v", name, list, err)
		}
	}
}

func TestOneRunConfirmsOneAlert(t *testing.T) {
	s := openIn(t, Options{})
	r := measured(t, s, "1", bench.OK, 10)
	series := bench.Series{Benchmark: r.Slug, Machine: *r.Machine, Isolation: *r.Isolation.Effective, Definition: r.Definition}
	alert := bench.Alert{ID: "a", Series: series, Run: "1", Change: 0.2, CreatedAt: time.Now()}
	if err := s.Raise(t.Context(), &alert); err != nil {
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
