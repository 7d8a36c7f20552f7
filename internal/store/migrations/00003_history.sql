-- +goose Up

-- Runs that may be compared with one another.
CREATE TABLE series (
    id         INTEGER PRIMARY KEY,
    slug       TEXT NOT NULL,
    machine    TEXT NOT NULL,
    isolation  TEXT NOT NULL CHECK (isolation IN ('in-process', 'process', 'container')),
    definition TEXT NOT NULL,
    UNIQUE (slug, machine, isolation, definition)
) STRICT;

-- What a trend shows of the finished, measured, trusted runs: by series, so that
-- one is read in a row and no body of a run is loaded.
CREATE TABLE points (
    series   INTEGER NOT NULL REFERENCES series (id),
    run      INTEGER NOT NULL REFERENCES runs (seq),
    id       TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    verdict  TEXT    NOT NULL,
    median   REAL CHECK (median > 0),
    low      REAL,
    high     REAL,
    revision TEXT,
    branch   TEXT,
    judged   INTEGER NOT NULL CHECK (judged IN (0, 1)),
    PRIMARY KEY (series, run),
    CHECK (median IS NULL OR verdict = 'ok')
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX points_by_run ON points (run);
CREATE INDEX points_unjudged ON points (run) WHERE judged = 0;

-- An alert without a slug is of the machine: most of its benchmarks moved at once.
CREATE TABLE alerts (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT    NOT NULL UNIQUE,
    slug         TEXT    NOT NULL,
    machine      TEXT    NOT NULL,
    isolation    TEXT    NOT NULL,
    definition   TEXT    NOT NULL,
    run          INTEGER NOT NULL REFERENCES runs (seq),
    rerun        INTEGER REFERENCES runs (seq),
    change       REAL    NOT NULL CHECK (change > -1 AND change <> 0),
    state        TEXT    NOT NULL CHECK (state IN ('new', 'confirmed', 'accepted', 'muted')),
    note         TEXT    NOT NULL DEFAULT '' CHECK (length(note) <= 2000),
    created_at   INTEGER NOT NULL,
    CHECK (state = 'new' OR rerun IS NOT NULL),
    CHECK (state <> 'new' OR slug <> '')
) STRICT;
CREATE INDEX alerts_by_machine ON alerts (machine, slug, state);
CREATE UNIQUE INDEX alerts_awaiting ON alerts (slug, machine, isolation, definition) WHERE state = 'new';

CREATE TABLE baselines (
    slug TEXT    NOT NULL,
    name TEXT    NOT NULL,
    run  INTEGER NOT NULL REFERENCES runs (seq),
    PRIMARY KEY (slug, name)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 1;
