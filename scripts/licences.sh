#!/bin/sh
# Prints the licences of everything that is in the released binary: a list, then
# the texts, which their terms want to go along. One that is not known here is an
# error, so that nothing comes in unseen.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# name version folder, of what is compiled in and of what the dashboard bundles
{
	go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' \
		./cmd/orchestrator ./runner-image/runner ./runner-image/bench-builtin
	echo "Go $(go env GOVERSION) $(go env GOROOT)"
	node -e '
		const { packages } = require("./web/package-lock.json");
		for (const [path, p] of Object.entries(packages))
			if (path && !p.dev) console.log(path.replace(/^.*node_modules\//, ""), p.version, process.cwd() + "/web/" + path)'
} | LC_ALL=C sort -u > "$work/parts"

kind() { # of a licence's text
	text=$(tr -s ' \n\t\r' ' ' < "$1")
	case $text in
	*"Apache License"*) echo Apache-2.0 ;;
	*"Mozilla Public License"*) echo MPL-2.0 ;;
	*"Permission is hereby granted, free of charge"*) echo MIT ;;
	*"Permission to use, copy, modify, and"*) echo ISC ;;
	*"Redistribution and use in source and binary forms"*"either the name"*) echo BSD-3-Clause ;;
	*"Redistribution and use in source and binary forms"*) echo BSD-2-Clause ;;
	*"free and unencumbered software"*) echo Unlicense ;;
	*) echo unknown ;;
	esac
}

: > "$work/list" && : > "$work/texts"
while read -r name version folder; do
	file=$(find "$folder" -maxdepth 1 -type f \( -iname 'LICEN[CS]E*' -o -iname 'COPYING*' \) | LC_ALL=C sort | head -n 1)
	[ -n "$file" ] || { echo "$name $version has no licence in $folder" >&2; exit 1; }
	is=$(kind "$file")
	[ "$is" != unknown ] || { echo "the licence of $name $version is not known: $file" >&2; exit 1; }
	printf '%-14s %s %s\n' "$is" "$name" "$version" >> "$work/list"
	printf '\n\n==== %s %s ====\n\n' "$name" "$version" >> "$work/texts"
	cat "$file" >> "$work/texts"
done < "$work/parts"

echo "benchcell is under the MIT licence. In it are these, each under its own:"
echo
cat "$work/list" "$work/texts"
