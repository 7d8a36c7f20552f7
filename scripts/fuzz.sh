#!/bin/sh
# Runs every fuzz test for a while, or so often: scripts/fuzz.sh 30s, scripts/fuzz.sh 100x
set -eu
time=${1:-30s}
for file in $(grep -rlE '^func Fuzz' --include='*_test.go' .); do
	dir=$(dirname "$file")
	for name in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$file"); do
		echo "== $dir $name"
		go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" "$dir"
	done
done
