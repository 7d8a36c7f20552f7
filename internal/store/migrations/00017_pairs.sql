-- +goose Up

-- The other side of a comparison, noted at side A alone, so that comparisons are
-- listed without a look into runs. Those that a store has already are not listed.
ALTER TABLE runs ADD COLUMN side_b TEXT;
CREATE INDEX runs_of_pairs ON runs (seq) WHERE side_b IS NOT NULL;

-- +goose Down
SELECT 1;
