package store

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"benchcell/internal/bench"
)

// The compressor makes its parts at its first use: not inside a test's bubble,
// where no other test could use them.
func init() { compress([]byte("x")) }

// openIn opens a store that is closed at the end of the test.
func openIn(t testing.TB, o Options) *Store {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

// submission is a run of a benchmark by its slug.
func submission(id, slug string) bench.Submission {
	plan := bench.Plan{
		Benchmark: bench.Benchmark{
			Definition: bench.Definition{Name: slug, Command: []string{"true"}}, Slug: slug, Category: "other", Kind: bench.KindCommand,
		},
		Requested: bench.Process,
	}
	return bench.Submission{Run: bench.NewRun(id, &plan, nil, time.Now().UTC()), Plan: plan}
}

func submit(t testing.TB, s *Store, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := s.Submit(t.Context(), []bench.Submission{submission(id, "a")}, nil); err != nil {
			t.Fatal(err)
		}
	}
}

func apply(t testing.TB, s *Store, transition bench.Transition) *bench.Run {
	t.Helper()
	if err := s.Apply(t.Context(), transition); err != nil {
		t.Fatal(err)
	}
	return transition.Run
}

func get(t testing.TB, s *Store, id string) *bench.Run {
	t.Helper()
	r, err := s.Run(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// finish takes a run and ends it.
func finish(t testing.TB, s *Store, id string, v bench.Verdict, m *bench.Measurement) {
	t.Helper()
	run := apply(t, s, get(t, s, id).Take(time.Now().UTC()))
	if m == nil {
		m = &bench.Measurement{}
	}
	m.Verdict, m.Ended = v, time.Now().UTC()
	apply(t, s, run.Record(m))
}

func TestOpenMarksWhatWasRunningAndLeavesWhatWasQueued(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	submit(t, s, "done", "lost", "waiting")
	finish(t, s, "done", bench.OK, nil)
	apply(t, s, get(t, s, "lost").Take(time.Now().UTC()))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = openIn(t, Options{Dir: dir})
	lost := get(t, s, "lost")
	if lost.State != bench.Finished || *lost.Verdict != bench.Interrupted || lost.FinishedAt == nil || lost.Attempt != 1 ||
		!strings.Contains(*lost.Error, "server stopped") {
		t.Errorf("what was running is %+v", lost)
	}
	if w := get(t, s, "waiting"); w.State != bench.Queued || w.Attempt != 0 {
		t.Errorf("what was queued is %+v", w)
	}
	if d := get(t, s, "done"); *d.Verdict != bench.OK {
		t.Errorf("what was done is %+v", d)
	}
	events, err := s.EventsAfter(t.Context(), "lost", 0, 10)
	if err != nil || len(events) != 3 || *events[2].Verdict != bench.Interrupted {
		t.Errorf("events %+v, %v", events, err)
	}
}

func TestOpenWorksWhateverTheFolderIsCalled(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a b?mode=memory&c#d%41é")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	submit(t, openIn(t, Options{Dir: dir}), "1")
	if info, err := os.Stat(filepath.Join(dir, "benchcell.db")); err != nil || info.Size() == 0 {
		t.Errorf("the file is not where it should be: %v", err)
	}
}

func TestOpenRefusesWhatIsNoStore(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "benchcell.db")
	if err := os.WriteFile(file, []byte(strings.Repeat("not a store ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(t.Context(), Options{Dir: dir})
	if bench.CodeOf(err) != bench.CodeStorage || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v", err)
	}
}

// inFile works on a store's file as another program would.
func inFile(t *testing.T, dir, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, "benchcell.db"), ""))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesANewerStoreAndLeavesItAlone(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	submit(t, s, "lost")
	apply(t, s, get(t, s, "lost").Take(time.Now().UTC()))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	inFile(t, dir, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)")
	before := contents(t, dir)
	_, err = Open(t.Context(), Options{Dir: dir})
	if bench.CodeOf(err) != bench.CodeStorage || !strings.Contains(err.Error(), "version 99") || !strings.Contains(err.Error(), "use a newer benchcell") {
		t.Errorf("got %v", err)
	}
	if after := contents(t, dir); after != before {
		t.Errorf("the folder has changed: from %s to %s", before, after)
	}
}

// contents is the names and hashes of a folder's files.
func contents(t *testing.T, dir string) string {
	t.Helper()
	names, err := filepath.Glob(dir + "/*")
	if err != nil {
		t.Fatal(err)
	}
	var list strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&list, "%s %.8x; ", filepath.Base(name), sha256.Sum256(text))
	}
	return list.String()
}

// nextVersion is the schema with one step more.
func nextVersion(t *testing.T, step string) fstest.MapFS {
	t.Helper()
	steps := fstest.MapFS{
		"migrations/09999_next.sql": {Data: []byte("-- +goose Up\n" + step + ";\n-- +goose Down\nSELECT 1;\n")},
	}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		steps[name] = &fstest.MapFile{Data: text}
	}
	return steps
}

// another connection to the file of a store.
func another(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(file, "_txlock=immediate"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestACopyIsKeptBeforeTheSchemaChanges(t *testing.T) {
	for name, c := range map[string]struct {
		step string
		ok   bool
	}{
		"a step that works": {"ALTER TABLE runs ADD COLUMN note TEXT", true},
		"a step that fails": {"ALTER TABLE nowhere ADD COLUMN note TEXT", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := openIn(t, Options{})
			submit(t, s, "old")
			file := filepath.Join(s.options.Dir, "benchcell.db")
			if err := migrate(t.Context(), another(t, file), file, nextVersion(t, c.step)); (err == nil) != c.ok {
				t.Fatalf("migrate: %v", err)
			}
			copies, err := filepath.Glob(file + ".before-9999-*")
			if err != nil || len(copies) != 1 {
				t.Fatalf("copies %v, %v", copies, err)
			}
			if info, err := os.Stat(copies[0]); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the copy is open to others: %v, %v", info.Mode(), err)
			}
			other := t.TempDir()
			if err := os.Rename(copies[0], filepath.Join(other, "benchcell.db")); err != nil {
				t.Fatal(err)
			}
			if r := get(t, openIn(t, Options{Dir: other}), "old"); r.State != bench.Queued {
				t.Errorf("the copy holds %+v", r)
			}
			if r := get(t, s, "old"); r.State != bench.Queued {
				t.Errorf("the store holds %+v", r)
			}
		})
	}
}

// A server that was killed while it made the copy, or can't migrate and is started again
// and again, leaves one copy, and a whole one.
func TestOneCopyIsKept(t *testing.T) {
	s := openIn(t, Options{})
	submit(t, s, "old")
	file := filepath.Join(s.options.Dir, "benchcell.db")
	for range 3 {
		if err := migrate(t.Context(), another(t, file), file, nextVersion(t, "ALTER TABLE nowhere ADD COLUMN note TEXT")); err == nil || !strings.Contains(err.Error(), "nowhere") {
			t.Fatalf("migrate: %v", err)
		}
		half, err := filepath.Glob(file + ".before-*")
		if err != nil || len(half) != 1 {
			t.Fatalf("copies %v, %v", half, err)
		}
		part := half[0][:strings.LastIndex(half[0], "-")] + ".part"
		if err := os.WriteFile(part, []byte("SQLite format 3"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheFirstSchemaNeedsNoCopy(t *testing.T) {
	s := openIn(t, Options{})
	if copies, err := filepath.Glob(s.options.Dir + "/*.before-*"); err != nil || len(copies) != 0 {
		t.Errorf("copies %v, %v", copies, err)
	}
}
