#!/bin/sh
# Makes the .AppImage from bin/ and dist/runtime with appimagetool, which has
# to be in the PATH; called by make. The system supplies GTK 3, OpenGL and X11
# as for the other packages.
set -eu
cd "$(dirname "$0")/../.."
umask 022 # packages hold the rights of files
command -v appimagetool >/dev/null || { echo "appimagetool is not in the PATH" >&2; exit 1; }
work=dist/appimage app=dist/appimage/Picasso.AppDir id=io.picasso.Picasso
rm -rf "$work"
./packaging/linux/stage.sh "$work/parts"
mkdir -p "$app/usr/lib"
cp -r "$work/parts/program" "$app/usr/lib/picasso"
cp -r "$work/parts/share" "$app/usr/share"
cp "$app/usr/share/applications/$id.desktop" "$app/"
cp "$app/usr/share/icons/hicolor/256x256/apps/$id.png" "$app/"
ln -s "$id.png" "$app/.DirIcon"
ln -s usr/lib/picasso/picasso "$app/AppRun"
find "$app" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
# The tool would fetch the newest runtime by itself; a release names its own.
set -- --no-appstream
[ -z "${APPIMAGE_RUNTIME:-}" ] || set -- "$@" --runtime-file "$APPIMAGE_RUNTIME"
ARCH=x86_64 appimagetool "$@" "$app" "dist/picasso-$VERSION-linux-x64.AppImage"
