#!/bin/sh
# Tries what of the AppImage does not need appimagetool and its runtime: packs
# the folder that goes into it, as they do, unpacks it where nobody can write,
# and starts its AppRun on the command line and in a window. What remains to be
# tried is the start of the one file itself.
set -eu
cd "$(dirname "$0")/../.."
export VERSION="${VERSION:-$(./scripts/version.sh)}"
work=$(mktemp -d)
# Nothing stays that belongs to root and would be in the real one's way.
trap 'chmod -R u+w "$work"; rm -rf "$work" dist/appimage' EXIT
fail() { printf 'appimage: FAILED: %s\n' "$*"; exit 1; }

mkdir "$work/tools"
# shellcheck disable=SC2016 # the stand-in's own arguments
printf '#!/bin/sh\nexec mksquashfs "$2" "$3" -root-owned -noappend -quiet -no-progress\n' >"$work/tools/appimagetool"
chmod +x "$work/tools/appimagetool"
PATH="$work/tools:$PATH" ./packaging/appimage/build.sh
image="dist/picasso-$VERSION-linux-x64.AppImage"
unsquashfs -quiet -no-progress -d "$work/mount" "$image"
rm "$image" # it would not start

for file in .DirIcon io.picasso.Picasso.desktop io.picasso.Picasso.png usr/share/metainfo/io.picasso.Picasso.metainfo.xml \
	usr/lib/picasso/libonnxruntime.so.1 usr/lib/picasso/THIRD-PARTY-NOTICES.txt usr/lib/picasso/sbom.spdx.json; do
	[ -s "$work/mount/$file" ] || fail "$file is missing"
done
desktop-file-validate "$work/mount/io.picasso.Picasso.desktop" || fail "the menu entry"
chmod -R a-w "$work/mount"
mkdir "$work/home" dist/test dist/test/screenshots 2>/dev/null || true
cat >"$work/start" <<RUN
#!/bin/sh
exec env -u PICASSO_ONNXRUNTIME HOME="$work/home" XDG_CACHE_HOME= XDG_CONFIG_HOME= XDG_RUNTIME_DIR= APPDIR="$work/mount" "$work/mount/AppRun" "\$@"
RUN
chmod +x "$work/start"
"$work/start" version | grep -q "^picasso $VERSION$" || fail "another version"
"$work/start" doctor | head -1 | grep -qF "$work/mount/" || fail "another ONNX Runtime is used"
go build -o dist/test/watch ./packaging/watch
dist/test/watch -shot dist/test/screenshots/appimage.png -title tanks-biased.onnx -welcome "$work/start" || fail "the window"
echo "appimage: what goes into it runs; the one file was not made"
