-- +goose Up

-- What a sample cost, beside how long it took: refill (12) has it of the runs
-- that a store has already.
ALTER TABLE points ADD COLUMN cpu REAL;
ALTER TABLE points ADD COLUMN max_rss INTEGER;

-- How many points a series has and when, so that a list of them reads no point.
ALTER TABLE series ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE series ADD COLUMN newest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE series ADD COLUMN first_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE series ADD COLUMN last_at INTEGER NOT NULL DEFAULT 0;

-- +goose Down
SELECT 1;
