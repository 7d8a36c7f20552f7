-- +goose Up

-- Files of benchmarks, as tars under the SHA-256 of their bytes.
CREATE TABLE sources (
    hash    TEXT PRIMARY KEY,
    used_at INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    body    BLOB NOT NULL
) STRICT;
CREATE INDEX sources_by_use ON sources (used_at, bytes);

ALTER TABLE plans ADD COLUMN source TEXT NOT NULL DEFAULT '';
CREATE INDEX plans_by_source ON plans (source) WHERE source <> '';

-- +goose Down
SELECT 1;
