-- +goose Up

-- What a run executes, after everything is decided: shared by all runs of it.
CREATE TABLE plans (
    id   INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL
) STRICT;

CREATE TABLE machines (
    id   TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE batches (
    id         TEXT PRIMARY KEY,
    parallel   INTEGER NOT NULL CHECK (parallel > 0),
    created_at INTEGER NOT NULL
) STRICT;

-- The columns are what is searched and what must hold; body is the run whole.
CREATE TABLE runs (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT    NOT NULL UNIQUE,
    plan        INTEGER NOT NULL REFERENCES plans (id),
    batch       TEXT REFERENCES batches (id),
    slug        TEXT    NOT NULL,
    category    TEXT    NOT NULL,
    isolation   TEXT    NOT NULL CHECK (isolation IN ('in-process', 'process', 'container')),
    measured    INTEGER NOT NULL CHECK (measured IN (0, 1)),
    state       TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'finished')),
    attempt     INTEGER NOT NULL CHECK (attempt >= 0),
    verdict     TEXT CHECK (verdict IN ('ok', 'nonzero_exit', 'signaled', 'timeout', 'cpu_limit', 'oom',
        'pids_limit', 'output_limit', 'disk_limit', 'cancelled', 'start_failed',
        'isolation_unavailable', 'interrupted', 'internal_error')),
    median      REAL,
    finished_at INTEGER,
    body        BLOB    NOT NULL,
    CHECK ((state = 'finished') = (verdict IS NOT NULL)),
    CHECK ((state = 'finished') = (finished_at IS NOT NULL)),
    CHECK (state <> 'running' OR attempt > 0)
) STRICT;

CREATE INDEX runs_open ON runs (state, seq) WHERE state <> 'finished';
CREATE INDEX runs_by_slug ON runs (slug, seq, state, verdict, median);
CREATE INDEX runs_by_verdict ON runs (verdict, seq);
CREATE INDEX runs_by_category ON runs (category, seq);
CREATE INDEX runs_by_isolation ON runs (isolation, seq);
CREATE INDEX runs_by_batch ON runs (batch, seq) WHERE batch IS NOT NULL;

-- Apart from the run, so that a list never loads them and they can go first.
CREATE TABLE samples (
    run  INTEGER PRIMARY KEY REFERENCES runs (seq),
    body BLOB NOT NULL
) STRICT;

CREATE TABLE outputs (
    run    INTEGER PRIMARY KEY REFERENCES runs (seq),
    stdout BLOB,
    stderr BLOB
) STRICT;

-- Bytes held by samples and outputs, kept with every write.
CREATE TABLE totals (
    what  TEXT PRIMARY KEY CHECK (what IN ('samples', 'outputs')),
    bytes INTEGER NOT NULL
) STRICT;
INSERT INTO totals VALUES ('samples', 0), ('outputs', 0);

-- Finished runs a day, for success rates that do not count a million rows.
CREATE TABLE days (
    slug  TEXT    NOT NULL,
    day   INTEGER NOT NULL,
    ok    INTEGER NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (slug, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    seq  INTEGER PRIMARY KEY AUTOINCREMENT,
    run  TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_run ON events (run, seq);

-- +goose Down
SELECT 1;
