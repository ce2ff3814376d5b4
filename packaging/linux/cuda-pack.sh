#!/bin/sh
# Adds NVIDIA's libraries to an installed Picasso, from a folder on this
# machine, or removes them again:
#
#   sudo /usr/lib/picasso/cuda-pack add FOLDER
#   sudo /usr/lib/picasso/cuda-pack remove
#
# FOLDER, or its lib/, contains libonnxruntime_providers_shared.so and
# libonnxruntime_providers_cuda.so of ONNX Runtime's official GPU build, and
# may contain the CUDA 12 and cuDNN 9 libraries. `picasso doctor` says what is
# still missing. Removing the program removes what was added.
set -eu
home=$(dirname "$(readlink -f "$0")")
added="$home/cuda-pack.files"

fail() { echo "cuda-pack: $*" >&2; exit 1; }

remove() {
	[ -f "$added" ] || return 0
	while read -r name; do
		case "$name" in */*|'') ;; lib*.so*) rm -f "$home/$name" ;; esac
	done <"$added"
	rm -f "$added"
}

add() {
	folder=$1
	[ -f "$folder/libonnxruntime_providers_cuda.so" ] || folder=$1/lib
	for part in shared cuda; do
		[ -f "$folder/libonnxruntime_providers_$part.so" ] ||
			fail "libonnxruntime_providers_$part.so is neither in $1 nor in $1/lib"
	done
	[ -w "$home" ] || fail "$home is not writable; run this as root"
	remove
	for file in "$folder"/libonnxruntime_providers_*.so "$folder"/lib*.so*; do
		name=$(basename "$file")
		case "$name" in
		libonnxruntime_providers_shared.so|libonnxruntime_providers_cuda.so) ;;
		libcu*.so*|libnv*.so*) ;;
		*) continue ;;
		esac
		# The list comes first: what a broken copy leaves is removed as well.
		grep -qxF "$name" "$added" 2>/dev/null || echo "$name" >>"$added"
		cp "$file" "$home/.partial" && chmod 644 "$home/.partial" && mv "$home/.partial" "$home/$name"
	done
}

case "${1:-} ${2:-}" in
'add '?*) add "$2" ;;
'remove ') remove ;;
*) fail "usage: cuda-pack add FOLDER | remove" ;;
esac
