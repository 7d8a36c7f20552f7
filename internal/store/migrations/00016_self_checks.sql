-- +goose Up

-- Pairs of runs of one series, which compare a benchmark with itself: what they
-- differ in is noise. The figures are null until somebody has looked.
CREATE TABLE self_checks (
    run        INTEGER PRIMARY KEY REFERENCES runs (seq),
    other      INTEGER NOT NULL REFERENCES runs (seq),
    series     INTEGER NOT NULL REFERENCES series (id),
    at         INTEGER NOT NULL,
    effect     REAL,
    detectable REAL,
    different  INTEGER CHECK (different IN (0, 1)),
    CHECK ((effect IS NULL) = (different IS NULL))
) STRICT;
CREATE INDEX self_checks_by_series ON self_checks (series, at);
CREATE INDEX self_checks_open ON self_checks (run) WHERE effect IS NULL;

-- +goose Down
SELECT 1;
