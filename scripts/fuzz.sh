#!/bin/sh
# Runs every fuzz test for a while, or so often: scripts/fuzz.sh 30s, scripts/fuzz.sh 100x
set -eu
time=${1:-30s}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
found=$(go env GOCACHE)/fuzz # where 'go test' keeps what led somewhere new

for dir in $(grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -n 1 dirname | sort -u); do
	# Built once for all of its tests: that takes longer than a hundred inputs.
	go test -c -fuzz Fuzz -o "$work/fuzz.test" "$dir"
	package=$(go list "$dir")
	for name in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/p' "$dir"/*_test.go); do
		echo "== $dir $name"
		(cd "$dir" && "$work/fuzz.test" -test.run '^$' -test.fuzz "^$name\$" -test.fuzztime "$time" -test.fuzzcachedir "$found/$package")
	done
done
