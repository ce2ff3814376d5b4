#!/bin/sh
# Installs the setup under wine without questions, explains a sample on the
# command line, looks at the window, drops a file on it, and removes it all.
set -eu
cd "$(dirname "$0")/../.."
setup=dist/picasso-$VERSION-windows-x64-setup.exe zip=$PWD/dist/picasso-$VERSION-windows-x64.zip
work=$PWD/dist/test/wine
shots=$PWD/dist/test/screenshots
export WINEPREFIX="$work/prefix" WINEDEBUG=-all WINEDLLOVERRIDES=mscoree,mshtml= LC_ALL=C.UTF-8
fail() { printf 'windows: FAILED: %s\n' "$*"; exit 1; }
say() { printf 'windows: %s\n' "$*"; }

rm -rf "$work"
mkdir -p "$work" "$shots"
go build -o dist/test/watch ./packaging/watch
# A prefix wants a screen for its first start.
DISPLAY='' wineboot -i >/dev/null 2>&1 || true
wineserver -w
system="$WINEPREFIX/drive_c/windows/system32"
[ -f "$system/bcryptprimitives.dll" ] ||
	x86_64-w64-mingw32-gcc -shared -O2 -o "$system/bcryptprimitives.dll" packaging/windows/bcryptprimitives.c -ladvapi32
files() { (cd "$WINEPREFIX/drive_c" && find . | sort); }
files >"$work/before"

mkdir "$work/pack"
for part in shared cuda; do echo x >"$work/pack/onnxruntime_providers_$part.dll"; done
DISPLAY='' wine "$setup" /S "/CUDA=$(DISPLAY='' wine winepath -w "$work/pack" | tr -d '\r')"
wineserver -w
home=$(find "$WINEPREFIX/drive_c" -ipath '*/Programs/Picasso' -type d)
[ -f "$home/picasso.exe" ] || fail "nothing was installed"
[ -f "$home/onnxruntime_providers_cuda.dll" ] || fail "the CUDA pack was not taken"
say "installed $(du -sm "$home" | cut -f1) MB from $(du -m "$setup" | cut -f1) MB"
grep -q 'Applications..picasso.exe' "$WINEPREFIX/user.reg" || fail "the file manager does not know it"

cp -r assets/samples/tanks "$work/tänks"
DISPLAY='' wine "$home/picasso-cli.exe" version | tr -d '\r' | grep -q "^picasso $VERSION$" || fail "another version"
DISPLAY='' wine "$home/picasso-cli.exe" explain --provider cpu --model "Z:$work/tänks/tanks-fair.onnx" \
	--image "Z:$work/tänks/5-tank-clear.png" --visualizer occlusion --set size=32 --set stride=16 --out "Z:$work/maps" ||
	fail "explain"
[ -f "$work/maps/5-tank-clear/result.json" ] || fail "nothing was explained"

wineserver -w # the next one starts with a screen
dist/test/watch -limit 5m -shot "$shots/wine.png" -title tanks-biased.onnx -welcome \
	-drop "$work/tänks/tanks-fair.onnx" -then tanks-fair.onnx -kill wine "$home/picasso.exe" --provider cpu || fail "the window"
wineserver -k # ends this prefix only
wineserver -w

# remove — runs the uninstaller and looks for what it may have left.
remove() {
	DISPLAY='' wine "$home/uninstall.exe" /S
	wineserver -w
	[ ! -e "$home" ] || fail "left behind: $(ls "$home")"
	! grep -qiE 'picasso\.(exe|session)' "$WINEPREFIX/user.reg" "$WINEPREFIX/system.reg" || fail "the registry still knows it"
	left=$(files | comm -13 "$work/before" - | grep -i picasso | grep -viE 'AppData/(Local|Roaming)/(fyne/)?[^/]*picasso' || true)
	[ -z "$left" ] || fail "left behind: $left"
}
remove
say "removed; the user's own settings and samples stay"

DISPLAY='' wine "$setup" /S /ALLUSERS
wineserver -w
home="$WINEPREFIX/drive_c/Program Files/Picasso"
[ -f "$home/picasso.exe" ] || fail "nothing was installed for everybody"
grep -q 'Applications..picasso.exe' "$WINEPREFIX/system.reg" || fail "the file managers of others do not know it"
DISPLAY='' wine "$home/picasso-cli.exe" version | tr -d '\r' | grep -q "^picasso $VERSION$" || fail "another version for everybody"
remove
say "installed for everybody, and removed"

# The portable archive, from a folder of another name.
mkdir "$work/tragbar ü"
(cd "$work/tragbar ü" && unzip -q "$zip")
home="$work/tragbar ü/picasso-$VERSION-windows-x64"
DISPLAY='' wine "$home/picasso-cli.exe" doctor | grep -q onnxruntime.dll || fail "the archive's program finds no ONNX Runtime"
say "the archive runs where it was unpacked"
