#!/bin/sh
# stage.sh FOLDER — lays out what the Linux packages have in common:
#
#   program/  the programs, ONNX Runtime, licences and the list of parts
#   share/    icons, menu entry, MIME type, metadata, manual, completion
set -eu
cd "$(dirname "$0")/../.."
out=$1 id=io.picasso.Picasso
rm -rf "$out"
mkdir -p "$out/program" "$out/share"

install -m 755 bin/picasso bin/picasso-cli "$out/program/"
install -m 644 dist/runtime/linux-x64/libonnxruntime.so.1 LICENSE "$out/program/"
go run ./packaging/notices -binary bin/picasso -version "$VERSION" \
	-notices "$out/program/THIRD-PARTY-NOTICES.txt" -sbom "$out/program/sbom.spdx.json" \
	-library "ONNX Runtime|$ORT_VERSION|MIT|packaging/licenses/onnxruntime.txt"

go run ./packaging/icons -out "$out/icons" -name "$id"
mkdir -p "$out/share/icons"
mv "$out/icons/hicolor" "$out/share/icons/"
rm -rf "$out/icons"

day=$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)
install -Dm 644 packaging/linux/$id.desktop "$out/share/applications/$id.desktop"
install -Dm 644 packaging/linux/$id.mime.xml "$out/share/mime/packages/$id.xml"
mkdir -p "$out/share/metainfo"
sed "s/@VERSION@/$VERSION/; s/@DATE@/$day/" packaging/linux/$id.metainfo.xml >"$out/share/metainfo/$id.metainfo.xml"

mkdir -p "$out/share/man/man1" "$out/share/bash-completion/completions" \
	"$out/share/zsh/site-functions" "$out/share/fish/vendor_completions.d"
bin/picasso-cli manual | gzip -9n >"$out/share/man/man1/picasso.1.gz"
cp "$out/share/man/man1/picasso.1.gz" "$out/share/man/man1/picasso-cli.1.gz"
bin/picasso-cli completion bash >"$out/share/bash-completion/completions/picasso"
bin/picasso-cli completion bash >"$out/share/bash-completion/completions/picasso-cli"
bin/picasso-cli completion zsh >"$out/share/zsh/site-functions/_picasso"
bin/picasso-cli completion fish >"$out/share/fish/vendor_completions.d/picasso.fish"
chmod -R u=rwX,go=rX "$out"
