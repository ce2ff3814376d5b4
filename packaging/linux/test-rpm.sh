#!/bin/sh
# Looks into the .rpm: the same files as in the .deb, and everything that its
# programs link is required.
set -eu
cd "$(dirname "$0")/../.."
rpm=dist/picasso-${VERSION}-1.x86_64.rpm deb=dist/picasso_${VERSION}_amd64.deb
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { printf 'rpm: FAILED: %s\n' "$*"; exit 1; }

rpm -qp --nosignature --qf '%{VERSION}\n' "$rpm" | grep -qxF "$VERSION" || fail "another version"
rpm -qpl --nosignature "$rpm" | sort >"$work/rpm"
dpkg-deb --fsys-tarfile "$deb" | tar -tf - | sed 's/^\.//; s,/$,,' | grep . | sort >"$work/deb"
grep -F picasso "$work/deb" | while read -r file; do
	grep -qxF "$file" "$work/rpm" || fail "$file is missing"
done
rpm -qp --nosignature --requires "$rpm" >"$work/requires"
dpkg-deb -x "$deb" "$work/files"
for library in $(objdump -p "$work/files/usr/lib/picasso/picasso" "$work/files/usr/lib/picasso/libonnxruntime.so.1" |
	awk '$1 == "NEEDED" { print $2 }' | sort -u); do
	case "$library" in
	libc.so.6|libm.so.6|libdl.so.2|librt.so.1|libpthread.so.0|ld-linux-x86-64.so.2) library=libc.so.6 ;; # one package
	esac
	grep -qF "$library" "$work/requires" || fail "$library is linked but not required"
done
newest=$(objdump -T "$work/files/usr/lib/picasso/picasso" | grep -oE 'GLIBC_[0-9.]+' | sort -uV | tail -1)
grep -qF "$newest" "$work/requires" || fail "$newest is needed but not required"
desktop-file-validate "$work/files/usr/share/applications/"*.desktop || fail "the menu entry"
appstreamcli validate --no-net "$work/files/usr/share/metainfo/"*.xml || fail "the metadata"
echo "rpm: $(wc -l <"$work/rpm") files, $(wc -l <"$work/requires") requirements, all as they should be"
