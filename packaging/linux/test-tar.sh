#!/bin/sh
# Runs the unpacked .tar.xz from a folder that cannot be written, with spaces
# and umlauts in its name, as a user without rights where this one has them.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
fail() { printf 'tar.xz: FAILED: %s\n' "$*"; exit 1; }

folder="$work/Meine Programme für Ärzte"
mkdir -p "$folder" "$work/home" dist/test/screenshots
tar -xJf "dist/picasso-$VERSION-linux-x64.tar.xz" -C "$folder"
cp -r assets/samples/tanks "$work/samples"
as=
if [ "$(id -u)" = 0 ]; then
	chown -R 65534 "$work/home" && chmod 755 "$work"
	as="setpriv --reuid 65534 --clear-groups"
fi
chmod -R a-w "$folder"
program="$folder/picasso-$VERSION-linux-x64/picasso"
[ -z "$as" ] || ! $as test -w "$folder" || fail "the folder can be written"

# shellcheck disable=SC2086 # several words, or none
run() { env -u PICASSO_ONNXRUNTIME HOME="$work/home" XDG_CACHE_HOME= XDG_CONFIG_HOME= XDG_RUNTIME_DIR= $as "$@"; }
run "$program" version
run "$program" doctor | grep -q "libonnxruntime.so.1" || fail "ONNX Runtime is not found"
run "$program" doctor | head -1 | grep -qF "$folder" || fail "another ONNX Runtime is used"
run "$program-cli" explain --model "$work/samples/tanks-fair.onnx" --image "$work/samples/5-tank-clear.png" \
	--visualizer occlusion --set size=32 --set stride=16 --out "$work/home/maps"
[ -f "$work/home/maps/5-tank-clear/result.json" ] || fail "nothing was explained"
go build -o dist/test/watch ./packaging/watch
cat >"$work/window" <<RUN
#!/bin/sh
exec env -u PICASSO_ONNXRUNTIME HOME="$work/home" XDG_CACHE_HOME= XDG_CONFIG_HOME= XDG_RUNTIME_DIR= $as "$program"
RUN
chmod 755 "$work/window"
dist/test/watch -shot dist/test/screenshots/tar.png -title tanks-biased.onnx -welcome "$work/window" || fail "the window"
echo "tar.xz: runs where it was unpacked"
