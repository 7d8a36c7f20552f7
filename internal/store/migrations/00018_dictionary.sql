-- +goose Up

-- From here on runs are packed with a dictionary, which an older server does not have:
-- it is to refuse this store, as it does any from a newer one, and not to fail at runs.
SELECT 1;

-- +goose Down
SELECT 1;
