-- +goose Up

-- A token is kept as the SHA-256 of its text, which is as random as the hash.
CREATE TABLE tokens (
    id         TEXT PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE CHECK (length(hash) = 32),
    name       TEXT    NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
    role       TEXT    NOT NULL CHECK (role IN ('viewer', 'runner', 'admin')),
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    used_at    INTEGER
) STRICT;

-- A login of a browser. It names the token by its hash, also the configured one,
-- and holds no longer than that does.
CREATE TABLE sessions (
    hash       BLOB PRIMARY KEY CHECK (length(hash) = 32),
    token      BLOB    NOT NULL CHECK (length(token) = 32),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    who     TEXT    NOT NULL,
    door    TEXT    NOT NULL,
    address TEXT    NOT NULL,
    action  TEXT    NOT NULL,
    target  TEXT    NOT NULL,
    outcome TEXT    NOT NULL CHECK (outcome IN ('done', 'refused'))
) STRICT;
CREATE INDEX audit_refused ON audit (seq) WHERE outcome = 'refused';

-- Whose share of the queue a run takes; '' is nobody's.
ALTER TABLE runs ADD COLUMN client TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
