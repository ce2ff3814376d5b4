#!/bin/sh
# Sets up what building, testing and running need, and nothing that is there
# already:  setup.sh build | smoke
#
#   build   the toolkit's system packages, and the ONNX Runtime library in the
#           user's cache (or PICASSO_ONNXRUNTIME, which is then used as it is)
#   smoke   a virtual display and the tools that click in it
#
# Versions and checksums come from the Makefile through the environment.
set -eu

say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# as_root COMMAND… — through sudo unless this is root already.
as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"
	elif have sudo; then sudo "$@"
	else fail "this needs root: $* — run it yourself, then again"
	fi
}

# install_packages APT DNF PACMAN ZYPPER — one quoted list for each manager.
install_packages() {
	if have apt-get; then
		say "setup: installing with apt-get: $1"
		as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
		# shellcheck disable=SC2086
		as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $1
	elif have dnf; then as_root dnf install -y $2
	elif have pacman; then as_root pacman -S --needed --noconfirm $3
	elif have zypper; then as_root zypper --non-interactive install $4
	else fail "no known package manager; please install: $1"
	fi
}

# The window links X11, OpenGL and, for native file dialogs, GTK 3.
system_packages() {
	[ "$(uname -s)" = Linux ] || return 0
	if have pkg-config && pkg-config --exists gtk+-3.0 gl xxf86vm xcursor xrandr xinerama xi; then return 0; fi
	install_packages \
		'gcc libc6-dev pkg-config libgl-dev libgl1-mesa-dri libxxf86vm-dev libgtk-3-dev' \
		'gcc pkgconf mesa-libGL-devel mesa-dri-drivers libXxf86vm-devel gtk3-devel' \
		'gcc pkgconf mesa libxxf86vm gtk3' \
		'gcc pkg-config Mesa-libGL-devel libXxf86vm-devel gtk3-devel'
}

smoke_packages() {
	[ "$(uname -s)" = Linux ] || return 0
	if have Xvfb && have xdotool && have xdpyinfo; then return 0; fi
	install_packages \
		'xvfb xdotool x11-utils libgl1-mesa-dri' \
		'xorg-x11-server-Xvfb xdotool xdpyinfo mesa-dri-drivers' \
		'xorg-server-xvfb xdotool xorg-xdpyinfo mesa' \
		'xorg-x11-server-Xvfb xdotool xdpyinfo Mesa-dri'
}

cache_folder() {
	case "$(uname -s)" in
	Darwin) printf '%s' "$HOME/Library/Caches" ;;
	MINGW*|MSYS*|CYGWIN*) cygpath -u "$LOCALAPPDATA" ;;
	*) printf '%s' "${XDG_CACHE_HOME:-$HOME/.cache}" ;;
	esac
}

# runtime_files prints the folder inside the package and the library's name.
runtime_files() {
	case "$(uname -s)-$(uname -m)" in
	Linux-x86_64) echo linux/x64 libonnxruntime.so.1 ;;
	Linux-aarch64) echo linux/arm64 libonnxruntime.so.1 ;;
	Darwin-arm64) echo darwin/arm64 "libonnxruntime.$ORT_VERSION.dylib" ;;
	MINGW*-x86_64|MSYS*-x86_64|CYGWIN*-x86_64) echo win32/x64 onnxruntime.dll ;;
	MINGW*-aarch64|MSYS*-aarch64) echo win32/arm64 onnxruntime.dll ;;
	*) return 1 ;;
	esac
}

sha256_of() { if have sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1; }

# The library is packed from the npm registry by npm itself, without running
# any script of the package; the checksum decides whether it is the right one.
onnx_runtime() {
	[ -z "${PICASSO_ONNXRUNTIME:-}" ] || return 0
	files=$(runtime_files) || {
		say "setup: no ONNX Runtime package for $(uname -s) $(uname -m); set PICASSO_ONNXRUNTIME to a library of version $ORT_VERSION"
		return 0
	}
	folder=${files% *} library=${files#* }
	target="$(cache_folder)/picasso/onnxruntime-$ORT_VERSION"
	[ ! -f "$target/$library" ] || return 0

	have npm || install_packages npm npm npm npm
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	say "setup: fetching ONNX Runtime $ORT_VERSION ($ORT_PACKAGE)"
	(cd "$work" && npm pack --silent "$ORT_PACKAGE" >/dev/null) ||
		fail "npm could not fetch $ORT_PACKAGE; set PICASSO_ONNXRUNTIME to a library of version $ORT_VERSION instead"
	package=$(ls "$work"/*.tgz)
	[ "$(sha256_of "$package")" = "$ORT_SHA256" ] ||
		fail "$ORT_PACKAGE has checksum $(sha256_of "$package"), expected $ORT_SHA256: not used"
	tar -xzf "$package" -C "$work" "package/bin/napi-v6/$folder"
	mkdir -p "$target"
	rm -f "$work/package/bin/napi-v6/$folder"/*.node
	# The library itself comes last and by a rename, so that a broken set-up
	# never leaves half of it behind.
	for file in "$work/package/bin/napi-v6/$folder"/*; do
		cp "$file" "$target/.partial" && mv "$target/.partial" "$target/$(basename "$file")"
	done
	say "setup: ONNX Runtime is in $target"
}

case "${1:-}" in
build) system_packages; onnx_runtime ;;
smoke) smoke_packages ;;
*) fail "usage: setup.sh build | smoke" ;;
esac
