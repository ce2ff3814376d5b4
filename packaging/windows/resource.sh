#!/bin/sh
# Makes resource_windows_amd64.syso, which the linker takes into picasso.exe:
# the icon, the version and the manifest (sharp on every screen, long paths,
# UTF-8).
set -eu
cd "$(dirname "$0")/../.."
work=dist/windows
mkdir -p "$work"
go run ./packaging/icons -out "$work/icons"
cp "$work/icons/picasso.ico" packaging/windows/picasso.manifest "$work/"
numbers=$(./scripts/version.sh --windows)
cat >"$work/picasso.rc" <<RC
1 ICON "picasso.ico"
1 24 "picasso.manifest"
1 VERSIONINFO
FILEVERSION $(echo "$numbers" | tr . ,)
PRODUCTVERSION $(echo "$numbers" | tr . ,)
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "040904b0"
    BEGIN
      VALUE "FileDescription", "Picasso"
      VALUE "ProductName", "Picasso"
      VALUE "FileVersion", "$VERSION"
      VALUE "ProductVersion", "$VERSION"
      VALUE "LegalCopyright", "Apache License 2.0"
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x409, 1200
  END
END
RC
(cd "$work" && x86_64-w64-mingw32-windres picasso.rc -O coff -o ../../resource_windows_amd64.syso)
