#!/bin/sh
# Runs every fuzz target of the project in turn, and says in the end what each
# did:  fuzz.sh TIME [PACKAGE-FOLDER]
#
# Making a find small ends after FUZZ_MINIMIZE (5s): without a bound it takes the
# time of all targets. What was found is kept in testdata/fuzz of the package,
# where every later test run tries it; inputs that merely were new are kept in
# Go's own cache for the next run.
set -u
time=${1:?usage: fuzz.sh TIME [PACKAGE-FOLDER]}
minimise=${FUZZ_MINIMIZE:-5s}
log=$(mktemp)
table=$(mktemp)
trap 'rm -f "$log" "$table"' EXIT
trap 'exit 1' HUP INT TERM

targets() { git grep --untracked -oE '^func Fuzz[A-Za-z0-9_]+' -- "${1:+$1/}*_test.go"; }

status=0
for found in $(targets "${2:-}" | sed 's/func //'); do
	folder=$(dirname "${found%%:*}") target=${found#*:}
	printf '== %s %s\n' "$folder" "$target"
	if go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime "$minimise" "./$folder" </dev/null >"$log" 2>&1; then
		result=sound
	else
		result=FAILED status=1
		tail -40 "$log"
	fi
	execs=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$log" | tail -1)
	fresh=$(sed -n 's/.*new interesting: \([0-9]*\).*/\1/p' "$log" | tail -1)
	printf '| %s | %s | %s | %s | %s |\n' "$folder" "$target" "${execs:-0}" "${fresh:-0}" "$result" >>"$table"
done
printf '\n| package | target | executions | new inputs | result |\n| --- | --- | ---: | ---: | --- |\n'
cat "$table"
exit $status
