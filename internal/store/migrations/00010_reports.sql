-- +goose Up

-- What other benchmark tools reported, whole: of a run of kind report under the
-- run's id, of an imported file under its own.
CREATE TABLE reports (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    format     TEXT NOT NULL,
    results    INTEGER NOT NULL,
    metrics    INTEGER NOT NULL,
    imported   INTEGER NOT NULL CHECK (imported IN (0, 1)),
    created_at INTEGER NOT NULL,
    body       BLOB NOT NULL
) STRICT;
CREATE INDEX reports_imported ON reports (created_at, id) WHERE imported = 1;

-- +goose Down
SELECT 1;
