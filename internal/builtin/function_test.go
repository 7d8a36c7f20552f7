package builtin

import (
	"os"
	"regexp"
	"runtime"
	"testing"
	"time"
)

func TestAllIsWellFormed(t *testing.T) {
	slug := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	names, titles := map[string]bool{}, map[string]bool{}
	for _, f := range All() {
		if !slug.MatchString(f.Name) || names[f.Name] {
			t.Errorf("name %q is no slug or not unique", f.Name)
		}
		if f.Title == "" || titles[f.Title] {
			t.Errorf("%s: title %q is empty or not unique", f.Name, f.Title)
		}
		names[f.Name], titles[f.Title] = true, true
		if f.Category == "" || f.Target <= 0 || f.Iterations < 6 || f.Setup == nil {
			t.Errorf("%s: incomplete (an interval needs 6 iterations): %+v", f.Name, f)
		}
	}
}

func TestLookup(t *testing.T) {
	for _, f := range All() {
		if got, ok := Lookup(f.Name); !ok || got.Title != f.Title {
			t.Errorf("Lookup(%q) = %q, %t", f.Name, got.Title, ok)
		}
	}
	for _, name := range []string{"", "SHA256", "sha256 ", "nothing"} {
		if got, ok := Lookup(name); ok {
			t.Errorf("Lookup(%q) found %q", name, got.Name)
		}
	}
}

func TestAllBelongsToTheCaller(t *testing.T) {
	All()[0].Name = "changed"
	if All()[0].Name == "changed" {
		t.Error("a caller changed the registry")
	}
}

func TestProfileQuerySingleIsTheOneOfTheSeed(t *testing.T) {
	f, ok := Lookup("profile-query-single")
	if !ok || f.Title != "Profile Query (single)" || f.Target != 0.8 || f.Iterations != 10 || f.Category != "performance" {
		t.Errorf("got %+v, %t", f, ok)
	}
}

// Every case answers correctly more than once, and leaves nothing behind.
func TestCases(t *testing.T) {
	for _, f := range All() {
		t.Run(f.Name, func(t *testing.T) {
			folder := t.TempDir()
			t.Setenv("TMPDIR", folder)
			before := runtime.NumGoroutine()
			c, err := f.Setup()
			if err != nil {
				t.Fatal(err)
			}
			for i := range 2 {
				if err := c.Run(); err != nil {
					t.Errorf("run %d: %v", i, err)
				}
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			checkEmpty(t, folder)
			checkGoroutines(t, before)
		})
	}
}

// holding is the set-ups that take more than memory; the table is small, for
// SQLite is slow under the race detector.
var holding = map[string]func() (*Case, error){
	"profile": func() (*Case, error) { return setupProfiles(1000, profileByID, newProfileSingle) },
	"file":    setupFile,
	"http":    setupHTTP,
}

// Two cases share nothing of what Close takes away.
func TestCasesAreIndependent(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for name, setup := range holding {
		closed, err := setup()
		if err != nil {
			t.Fatal(err)
		}
		open, err := setup()
		if err != nil {
			t.Fatal(err)
		}
		if err := closed.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := open.Run(); err != nil {
			t.Errorf("%s, after the other's Close: %v", name, err)
		}
		if err := open.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func checkEmpty(t *testing.T, folder string) {
	t.Helper()
	left, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		t.Errorf("left behind: %s", entry.Name())
	}
}

// checkGoroutines waits: database/sql and net/http tell their goroutines to
// end, but do not wait for them.
func checkGoroutines(t *testing.T, before int) {
	t.Helper()
	for range 500 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<16)
	t.Errorf("goroutines left behind:\n%s", stacks[:runtime.Stack(stacks, true)])
}
