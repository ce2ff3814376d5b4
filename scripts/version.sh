#!/bin/sh
# Prints the program's one version number, taken from git:
#
#   1.2.3              the commit carries the tag v1.2.3
#   1.2.3+5.g0123abc   five commits after it; 0.0.0+… before the first tag
#   ….dirty            files differ from the commit
#
# The form sorts rightly for dpkg, rpm and semantic versioning alike. With
# --windows the four numbers that a Windows resource holds are printed, of
# VERSION where make has set it: a commit may come while it builds.
set -eu
cd "$(dirname "$0")/.."

version() {
	git rev-parse --git-dir >/dev/null 2>&1 || { echo 0.0.0+unknown; return; }
	tag=$(git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null || true)
	count=$(git rev-list --count "${tag:+$tag..}HEAD")
	text=${tag#v}
	[ -n "$text" ] || text=0.0.0
	[ "$count" = 0 ] || text="$text+$count.g$(git rev-parse --short=10 HEAD)"
	# A commit's version must not depend on builds lying around, so only files
	# that git follows count.
	git diff --quiet HEAD -- || text="$text.dirty"
	echo "$text"
}

case "${1:-}" in
--windows) echo "${VERSION:-$(version)}" | sed -E 's/^([0-9]+\.[0-9]+\.[0-9]+)\+([0-9]+).*/\1.\2/; s/^([0-9]+\.[0-9]+\.[0-9]+)([^.0-9].*)?$/\1.0/' ;;
*) version ;;
esac
