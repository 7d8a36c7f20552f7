package builtin

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

const (
	profileRows  = 100_000
	profileBatch = 100 // keys per iteration

	profileByID = "SELECT id, karma, handle FROM profile WHERE id = ?"
)

var profileQuerySingle = Function{
	Name:       "profile-query-single",
	Title:      "Profile Query (single)",
	Category:   "performance",
	Target:     0.8,
	Iterations: 10,
	Setup: func() (*Case, error) {
		return setupProfiles(profileRows, profileByID, newProfileSingle)
	},
}

var profileQueryBatch = Function{
	Name:       "profile-query-batch",
	Title:      "Profile Query (batch)",
	Category:   "performance",
	Target:     5,
	Iterations: 20,
	Setup: func() (*Case, error) {
		marks := strings.Repeat(",?", profileBatch)[1:]
		query := "SELECT id, karma, handle FROM profile WHERE id IN (" + marks + ") ORDER BY id"
		return setupProfiles(profileRows, query, newProfileBatch)
	},
}

// profileSchema makes all rows in one statement, so in one transaction; a row
// can be told from its id, which is how answers are checked.
const profileSchema = `
PRAGMA journal_mode = OFF;
CREATE TABLE profile (id INTEGER PRIMARY KEY, karma INTEGER NOT NULL, handle TEXT NOT NULL, bio TEXT NOT NULL);
WITH RECURSIVE n(id) AS (VALUES(1) UNION ALL SELECT id + 1 FROM n WHERE id < %d)
INSERT INTO profile SELECT id, id * 7919 %% 10007, 'user-' || id,
	'Lives in town ' || id %% 977 || ' and likes to measure things.' FROM n;`

// setupProfiles makes a table of ids 1 to rows and prepares query for newRun,
// which makes the iteration.
func setupProfiles(rows int64, query string, newRun func(*sql.Stmt, int64) func() error) (*Case, error) {
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return nil, err
	}
	// Each connection to :memory: is a database of its own.
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(context.Background(), fmt.Sprintf(profileSchema, rows)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	stmt, err := db.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	end := func() error { return errors.Join(stmt.Close(), db.Close()) }
	return &Case{Run: newRun(stmt, rows), Close: end}, nil
}

type profile struct {
	id, karma int64
	handle    string
}

func (p profile) check(id int64) error {
	want := profile{id, id * 7919 % 10007, "user-" + strconv.FormatInt(id, 10)}
	if p != want {
		return fmt.Errorf("profile %d reads %+v, it must be %+v", id, p, want)
	}
	return nil
}

func newProfileSingle(stmt *sql.Stmt, rows int64) func() error {
	random := rand.New(rand.NewPCG(1, 0))
	return func() error {
		var p profile
		id := 1 + random.Int64N(rows)
		row := stmt.QueryRowContext(context.Background(), id)
		if err := row.Scan(&p.id, &p.karma, &p.handle); err != nil {
			return err
		}
		return p.check(id)
	}
}

// newProfileBatch draws one key from each hundredth of the table, so that they
// are distinct and in the order of the answer.
func newProfileBatch(stmt *sql.Stmt, rows int64) func() error {
	random := rand.New(rand.NewPCG(2, 0))
	keys := make([]any, profileBatch)
	width := rows / profileBatch
	return func() error {
		for i := range keys {
			keys[i] = int64(i)*width + 1 + random.Int64N(width)
		}
		answer, err := stmt.QueryContext(context.Background(), keys...)
		if err != nil {
			return err
		}
		return errors.Join(checkProfiles(answer, keys), answer.Close())
	}
}

func checkProfiles(rows *sql.Rows, keys []any) error {
	n := 0
	for ; rows.Next(); n++ {
		var p profile
		if err := rows.Scan(&p.id, &p.karma, &p.handle); err != nil {
			return err
		}
		if n >= len(keys) {
			return fmt.Errorf("more than %d rows", len(keys))
		}
		if err := p.check(keys[n].(int64)); err != nil { //nolint:forcetypeassert // all keys are
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if n != len(keys) {
		return fmt.Errorf("%d rows for %d keys", n, len(keys))
	}
	return nil
}
