#!/bin/sh
# Turns what BenchmarkWays prints into the table of docs/performance.md; other
# lines (failures) go to standard error.
set -eu
awk '
/^BenchmarkWays\// {
	split($1, part, "/")
	sub("window=", "", part[3]); sub("stride=", "", part[4]); sub("-[0-9]+$", "", part[4])
	for (i = 3; i < NF; i += 2) v[$(i + 1)] = $i
	if (part[2] != last) name = part[2]; else name = ""
	last = part[2]
	if (!head++) {
		print "| network | window / stride | incremental x | wall | counted | first map | error | plain ms | open s | MB plain, incremental |"
		print "|---|---|---|---|---|---|---|---|---|---|"
	}
	printf "| %s | %s / %s | %.1f | %.1f | %.1f | %.3f | %s | %.0f | %.1f | %.0f, %.0f |\n", name, part[3], part[4],
		v["x-incremental"], v["x-incremental-wall"], v["x-counted"], v["first"], v["error"], v["ms-plain"], v["s-open"], v["MB-plain"], v["MB-incremental"]
	fflush()
	next
}
/^(goos|goarch|pkg|cpu|PASS|ok)/ { next }
{ print > "/dev/stderr" }
'
