#!/bin/sh
# Makes the .deb, the .rpm and the .tar.xz from bin/ and dist/runtime; called
# by make, which sets VERSION, ORT_VERSION and SOURCE_DATE_EPOCH.
set -eu
cd "$(dirname "$0")/../.."
umask 022 # packages hold the rights of files
stage=dist/linux
./packaging/linux/stage.sh "$stage/parts"

# Packages: the programs lie beside their library, where they look for it.
rm -rf "${stage:?}/usr"
mkdir -p "$stage/usr/lib" "$stage/usr/share/doc/picasso"
cp -r "$stage/parts/program" "$stage/usr/lib/picasso"
install -m 755 packaging/linux/cuda-pack.sh "$stage/usr/lib/picasso/cuda-pack"
cp -r "$stage/parts/share/." "$stage/usr/share/"
for file in THIRD-PARTY-NOTICES.txt sbom.spdx.json; do
	mv "$stage/usr/lib/picasso/$file" "$stage/usr/share/doc/picasso/"
done
mv "$stage/usr/lib/picasso/LICENSE" "$stage/usr/share/doc/picasso/copyright"

export STAGE="$stage" ARCH=amd64
# Packages hold the times of files.
find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dist/tools/nfpm package -f packaging/linux/nfpm.yaml -p deb -t "dist/picasso_${VERSION}_amd64.deb"
dist/tools/nfpm package -f packaging/linux/nfpm.yaml -p rpm -t "dist/picasso-${VERSION}-1.x86_64.rpm"

# The archive runs unpacked, from any folder.
name="picasso-$VERSION-linux-x64"
rm -rf "${stage:?}/$name"
cp -r "$stage/parts/program" "$stage/$name"
cp -r "$stage/parts/share" "$stage/$name/share"
install -m 755 packaging/linux/cuda-pack.sh "$stage/$name/cuda-pack"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX \
	-C "$stage" -cf - "$name" | xz -6 -T1 >"dist/$name.tar.xz"
ls -l dist/picasso?"$VERSION"*
