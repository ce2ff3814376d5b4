#!/bin/sh
# Builds the installers of the last commit twice, from two clones in different
# folders under different clocks, languages and rights, and compares them byte
# by byte; called by make. The clones share Go's caches, the runtime and nfpm of
# this folder, so what is proven is what is made here; PICASSO_COLD=1 compiles
# the second one anew, in a cache of its own (many minutes).
set -eu
cd "$(dirname "$0")/.."
here=$PWD work=$PWD/dist/reproducible
say() { printf 'reproducible: %s\n' "$*"; }
rm -rf "$work"
mkdir -p "$work/a" "$work/b/another folder/Ä"
commit=$(git rev-parse HEAD) # a later one may come while this runs
git diff --quiet HEAD -- || say "files differ from the commit; the commit is built"

# build CLONE — everything in it that make installers makes.
build() {
	git clone -q "$here" "$1"
	git -C "$1" checkout -q --detach "$commit"
	mkdir -p "$1/dist"
	cp -r dist/runtime dist/tools "$1/dist/"
	find "$1/dist" -exec touch {} + # newer than the Makefile
	# Both take over nothing that make has worked out for this folder.
	(cd "$1" && unset VERSION SOURCE_DATE_EPOCH MAKEFLAGS MAKELEVEL && make installers >"$1.log" 2>&1) ||
		{ tail -n 20 "$1.log"; say "FAILED: $1.log"; exit 1; }
}
one="$work/a/picasso" two="$work/b/another folder/Ä/clone"
(
	umask 022
	export TZ=UTC LC_ALL=C LANG=C
	build "$one"
)
say "the first is built"
(
	umask 077
	export TZ=Pacific/Kiritimati LC_ALL=C.UTF-8 LANG=C.UTF-8
	[ -z "${PICASSO_COLD:-}" ] || export GOCACHE="$work/cache"
	build "$two"
)
say "the second is built"

(cd "$one/dist" && sha256sum picasso?*) >"$work/one"
(cd "$two/dist" && sha256sum picasso?*) >"$work/two"
if ! cmp -s "$work/one" "$work/two"; then
	diff "$work/one" "$work/two" || true
	say "FAILED: not the same bytes"
	exit 1
fi
cat "$work/one"
say "the same bytes"
