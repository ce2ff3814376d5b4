#!/bin/sh
# Checks on Linux what of the .app does not need a Mac: runs build.sh with
# stand-ins for Apple's tools and looks at what it lays out and signs. The
# program inside is this system's; only a Mac can make and start the real one.
set -eu
cd "$(dirname "$0")/../.."
export VERSION="${VERSION:-$(./scripts/version.sh)}" SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-0}"
: "${ORT_VERSION:?is set by make}"
work=$(mktemp -d)
trap 'rm -rf "$work" dist/macos "dist/picasso-$VERSION-macos-arm64.dmg"' EXIT
fail() { printf 'macos: FAILED: %s\n' "$*"; exit 1; }

# stand_in NAME — a tool that notes how it was called, and does what stdin says.
stand_in() {
	{ printf '#!/bin/sh\necho "%s $*" >>"%s/calls"\n' "$1" "$work"; cat; } >"$work/tools/$1"
	chmod +x "$work/tools/$1"
}
mkdir "$work/tools"
echo 'echo Darwin arm64' | stand_in uname
echo 'python3 -c "import plistlib, sys; plistlib.load(open(sys.argv[1], \"rb\"))" "$2"' | stand_in plutil
: | stand_in codesign
echo 'for dmg; do :; done; echo image >"$dmg"' | stand_in hdiutil
PATH="$work/tools:$PATH" ./packaging/macos/build.sh >/dev/null

app=dist/macos/Picasso.app/Contents library=libonnxruntime.$ORT_VERSION.dylib
for file in MacOS/picasso MacOS/picasso-cli "Frameworks/$library" Resources/picasso.icns \
	Resources/LICENSE.txt Resources/THIRD-PARTY-NOTICES.txt Resources/sbom.spdx.json; do
	[ -s "$app/$file" ] || fail "$file is missing"
done
[ -x "$app/MacOS/picasso" ] && [ -x "$app/MacOS/picasso-cli" ] || fail "a program cannot be run"
[ "$(head -c 4 "$app/Resources/picasso.icns")" = icns ] || fail "the icon is none"
# 64-bit Mach-O for ARM, little-endian.
[ "$(od -An -tx1 -N8 "$app/Frameworks/$library" | tr -d ' ')" = cffaedfe0c000001 ] || fail "$library is not for Apple silicon"

python3 - "$app/Info.plist" packaging/macos/entitlements.plist gui.go "$app" <<'PYTHON' || fail "Info.plist"
import os, plistlib, re, sys
info, entitled = (plistlib.load(open(p, "rb")) for p in sys.argv[1:3])
source, app = open(sys.argv[3], encoding="utf-8").read(), sys.argv[4]
def check(ok, what):
    if not ok:
        sys.exit(what)
check(info["CFBundleIdentifier"] == re.search(r'appID = "(.+)"', source)[1], "another identifier than the program's")
check(os.access(f"{app}/MacOS/{info['CFBundleExecutable']}", os.X_OK), "the executable is not there")
check(os.path.exists(f"{app}/Resources/{info['CFBundleIconFile']}"), "the icon is not there")
for key in "CFBundleShortVersionString", "CFBundleVersion":
    check(re.fullmatch(r"\d+\.\d+\.\d+", info[key]), f"{key} {info[key]} is not three numbers")
check(not any("@" in str(v) for v in info.values()), "something was not filled in")
check(all(v is True for v in entitled.values()), "an entitlement that is not granted")
PYTHON

# Signed inside out, every time hardened and with the entitlements.
grep '^codesign --force' "$work/calls" | grep -v -- '--options runtime --entitlements packaging/macos/entitlements.plist -s - ' && fail "a signature without hardening"
[ "$(grep '^codesign --force' "$work/calls" | sed 's,.*/,,' | tr '\n' ' ')" = "$library picasso-cli Picasso.app " ] || fail "the order of signatures"
grep -q '^codesign --verify --deep --strict .*Picasso.app$' "$work/calls" || fail "the signature is not checked"
grep -q '^hdiutil create .*-srcfolder dist/macos/image -format UDZO dist/picasso-' "$work/calls" || fail "no image was made"
[ "$(readlink dist/macos/image/Applications)" = /Applications ] || fail "the image leads nowhere"
[ -e dist/macos/image/Picasso.app/Contents/MacOS/picasso ] || fail "the image lacks the program"
echo "macos: the .app is laid out as it should be; not run, not signed"
