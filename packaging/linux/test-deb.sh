#!/bin/sh
# Installs the .deb in a bare Debian with nothing but what it declares, uses it
# on the command line and in its window, and removes it without a trace. Needs
# root for chroot; the bare system is kept in dist/test.
set -eu
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || exec sudo --preserve-env=VERSION,GOFLAGS,PATH "$0"

base=$PWD/dist/test/debian root=$PWD/dist/test/deb shots=$PWD/dist/test/screenshots
deb=$PWD/dist/picasso_${VERSION}_amd64.deb
say() { printf 'deb: %s\n' "$*"; }
fail() { say "FAILED: $*"; exit 1; }
inside() { chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
user() { chroot --userspec=1000:1000 "$root" env -i HOME=/home/ada USER=ada PATH=/usr/bin:/bin ${DISPLAY:+DISPLAY="$DISPLAY"} "$@"; }

[ -f "$base/etc/debian_version" ] || debootstrap --variant=minbase bookworm "$base" >/dev/null
if mountpoint -q "$root/proc"; then umount "$root/proc"; fi
rm -rf "$root"
cp -a "$base" "$root"
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT
mkdir -p "$shots"
mkdir "$root/home/ada"
cp -r assets/samples/tanks "$root/home/ada/my tänks"
chown -R 1000:1000 "$root/home/ada"

cp "$deb" "$root/tmp/picasso.deb"
inside apt-get update -q >"$root.log" 2>&1
inside apt-get install -qy --no-install-recommends /tmp/picasso.deb >>"$root.log" 2>&1 || { tail "$root.log"; fail "not installable"; }
say "installed, with $(inside dpkg -l | grep -c '^ii') packages in all, $(inside du -cm /usr/lib/picasso /usr/share/doc/picasso | tail -1 | cut -f1) MB of its own"

user picasso version | grep -q "^picasso $VERSION$" || fail "another version"
start=$(date +%s%N)
user picasso explain --model "/home/ada/my tänks/tanks-fair.onnx" --image "/home/ada/my tänks/5-tank-clear.png" \
	--visualizer occlusion --set size=32 --set stride=16 --out /home/ada/maps
say "explained on the command line in $((($(date +%s%N) - start) / 1000000)) ms"
for file in result.json occlusion-0.npy occlusion-0.png; do
	[ -s "$root/home/ada/maps/5-tank-clear/$file" ] || fail "no $file was written"
done
user picasso-cli doctor | grep -q '^cpu: works' || fail "the windowless edition finds no ONNX Runtime"

# The window, from a script that watch gives its DISPLAY to.
cat >"$root.sh" <<RUN
#!/bin/sh
exec chroot --userspec=1000:1000 "$root" env -i HOME=/home/ada USER=ada LANG=C.UTF-8 PATH=/usr/bin:/bin DISPLAY="\$DISPLAY" picasso "\$@"
RUN
chmod +x "$root.sh"
go build -o dist/test/watch ./packaging/watch
dist/test/watch -shot "$shots/deb.png" -title tanks-biased.onnx -welcome \
	-drop "/home/ada/my tänks/tanks-fair.onnx" -then tanks-fair.onnx "$root.sh" || fail "the window"

# A CUDA pack goes with the program.
mkdir "$root/tmp/pack"
for part in shared cuda; do echo x >"$root/tmp/pack/libonnxruntime_providers_$part.so"; done
inside /usr/lib/picasso/cuda-pack add /tmp/pack
[ -f "$root/usr/lib/picasso/libonnxruntime_providers_cuda.so" ] || fail "the CUDA pack was not taken"

inside dpkg --purge picasso >>"$root.log" 2>&1
left=$(find "$root" -xdev -iname '*picasso*' -not -path "$root/home/*" -not -path "$root/proc/*" -not -path "$root/tmp/picasso.deb")
[ -z "$left" ] || fail "left behind: $left"
[ -z "$(find "$root/usr" -name 'libonnxruntime*')" ] || fail "a library was left behind"
say "removed without a trace"
