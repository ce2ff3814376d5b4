#!/bin/sh
# Runs every fuzz target of the project in turn:  fuzz.sh TIME
set -eu
time=${1:?usage: fuzz.sh TIME}
git grep -oE '^func Fuzz[A-Za-z0-9_]+' -- '*_test.go' | while IFS=: read -r file func; do
	target=${func#func }
	printf '== %s %s\n' "$(dirname "$file")" "$target"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "./$(dirname "$file")" </dev/null
done
