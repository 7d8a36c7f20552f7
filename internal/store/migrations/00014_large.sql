-- +goose Up

-- What a list of runs is narrowed by lies in the index, so that a run is looked
-- up only if it is listed, of a store with millions of them too.
DROP INDEX runs_by_slug;
DROP INDEX runs_by_verdict;
DROP INDEX runs_by_category;
DROP INDEX runs_by_isolation;
CREATE INDEX runs_by_slug ON runs (slug, seq, state, verdict, median, isolation);
CREATE INDEX runs_by_verdict ON runs (verdict, seq, isolation, category);
CREATE INDEX runs_by_category ON runs (category, seq, isolation, verdict);
CREATE INDEX runs_by_isolation ON runs (isolation, seq, verdict);

-- +goose Down
SELECT 1;
