-- +goose Up
-- The last self-test of this machine: what the shipped hostile programs met.
CREATE TABLE selftest (
	id   INTEGER PRIMARY KEY CHECK (id = 1),
	body TEXT NOT NULL -- JSON
) STRICT;
