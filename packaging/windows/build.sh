#!/bin/sh
# Makes the Windows setup and the portable .zip from bin/ and dist/runtime;
# called by make, which sets VERSION, ORT_VERSION, DIRECTML_VERSION and
# SOURCE_DATE_EPOCH.
set -eu
cd "$(dirname "$0")/../.."
umask 022 # packages hold the rights of files
name="picasso-$VERSION-windows-x64"
files=$PWD/dist/windows/$name
rm -rf "$files"
mkdir -p "$files"
cp bin/picasso.exe bin/picasso-cli.exe "$files/"
# Without dxcompiler.dll and dxil.dll, which WebGPU alone would use: DirectML
# serves every graphics card here.
cp dist/runtime/win32-x64/onnxruntime.dll dist/runtime/win32-x64/DirectML.dll "$files/"
sed 's/$/\r/' LICENSE >"$files/LICENSE.txt"
go run ./packaging/notices -binary bin/picasso.exe -version "$VERSION" \
	-notices "$files/THIRD-PARTY-NOTICES.txt" -sbom "$files/sbom.spdx.json" \
	-library "ONNX Runtime|$ORT_VERSION|MIT|packaging/licenses/onnxruntime.txt" \
	-library "DirectML|$DIRECTML_VERSION|NOASSERTION|packaging/licenses/directml.txt"
chmod 644 "$files"/*
find "$files" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +

# Names in order, and bytes counted: folders and blocks are as the disk likes.
list=dist/windows/files.nsh
(cd "$files" && LC_ALL=C ls) | sed 's,.*,File "${FILES}/&",' >"$list"
makensis -V2 -NOCD -INPUTCHARSET UTF8 \
	"-DVERSION=$VERSION" "-DNUMBERS=$(./scripts/version.sh --windows)" "-DFILES=$files" "-DLIST=$list" \
	"-DSIZE=$(cat "$files"/* | wc -c | awk '{ print int($1 / 1024) }')" "-DICON=$PWD/dist/windows/picasso.ico" \
	"-DOUT=$PWD/dist/$name-setup.exe" packaging/windows/picasso.nsi

rm -f "dist/$name.zip"
(cd dist/windows && find "$name" -type f | LC_ALL=C sort | TZ=UTC zip -q -X -@ "../$name.zip")
ls -l "dist/$name-setup.exe" "dist/$name.zip"
