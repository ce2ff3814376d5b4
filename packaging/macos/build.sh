#!/bin/sh
# Makes Picasso.app and its .dmg on a Mac with Apple silicon; called by make,
# which sets VERSION, ORT_VERSION and SOURCE_DATE_EPOCH.
#
# The program is signed for this machine only, unless MACOS_IDENTITY names a
# Developer ID in the keychain; with MACOS_NOTARY (a profile stored by
# `xcrun notarytool store-credentials`) Apple checks it as well.
set -eu
cd "$(dirname "$0")/../.."
umask 022 # packages hold the rights of files
[ "$(uname -sm)" = "Darwin arm64" ] || { echo "the .app is made on a Mac with Apple silicon" >&2; exit 1; }
work=dist/macos app=dist/macos/Picasso.app
identity=${MACOS_IDENTITY:--}
numbers=${VERSION%%+*}
rm -rf "$work"
mkdir -p "$app/Contents/MacOS" "$app/Contents/Frameworks" "$app/Contents/Resources"

cp bin/picasso bin/picasso-cli "$app/Contents/MacOS/"
cp "dist/runtime/darwin-arm64/libonnxruntime.$ORT_VERSION.dylib" "$app/Contents/Frameworks/"
go run ./packaging/icons -out "$work/icons"
cp "$work/icons/picasso.icns" "$app/Contents/Resources/"
cp LICENSE "$app/Contents/Resources/LICENSE.txt"
go run ./packaging/notices -binary bin/picasso -version "$VERSION" \
	-notices "$app/Contents/Resources/THIRD-PARTY-NOTICES.txt" -sbom "$app/Contents/Resources/sbom.spdx.json" \
	-library "ONNX Runtime|$ORT_VERSION|MIT|packaging/licenses/onnxruntime.txt"
sed "s/@VERSION@/$VERSION/; s/@NUMBERS@/$numbers/" packaging/macos/Info.plist >"$app/Contents/Info.plist"
plutil -lint "$app/Contents/Info.plist"

# Inside out, and hardened: without that Apple notarises nothing. Libraries of
# others are let in, since a user may name an ONNX Runtime of their own.
sign() { codesign --force --options runtime --entitlements packaging/macos/entitlements.plist -s "$identity" "$@"; }
sign "$app/Contents/Frameworks/"*.dylib
sign "$app/Contents/MacOS/picasso-cli"
sign "$app"
codesign --verify --deep --strict "$app"

mkdir "$work/image"
cp -R "$app" "$work/image/"
ln -s /Applications "$work/image/Applications"
dmg="dist/picasso-$VERSION-macos-arm64.dmg"
rm -f "$dmg"
hdiutil create -quiet -volname "Picasso" -srcfolder "$work/image" -format UDZO "$dmg"
if [ -n "${MACOS_NOTARY:-}" ]; then
	xcrun notarytool submit "$dmg" --keychain-profile "$MACOS_NOTARY" --wait
	xcrun stapler staple "$dmg"
fi
ls -l "$dmg"
