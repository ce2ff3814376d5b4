#!/bin/sh
# Installs what building, testing and running need, where it is missing:
#
#   setup.sh build | smoke | scripts | installers | runtime SYSTEM/PROCESSOR FOLDER
#
#   build       checks Go; installs the toolkit's system packages, and ONNX
#               Runtime into the user's cache. With PICASSO_ONNXRUNTIME set, that
#               library is used as it is.
#   smoke       a virtual display and the tools that click in it
#   scripts     what checks the shell scripts
#   installers  what makes and tests packages for Linux and Windows
#   runtime     the library for linux, darwin or win32 and x64 or arm64, in FOLDER
#
# Versions and checksums come from the Makefile through the environment.
# PICASSO_ORT_PACKAGE names a package of ONNX Runtime that is already on this
# machine.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# as_root COMMAND… — through sudo unless this is root already.
as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"
	elif have sudo; then sudo "$@"
	else fail "this needs root: $* — run it yourself, then start again"
	fi
}

# install_packages APT DNF PACMAN ZYPPER — one quoted list for each manager.
install_packages() {
	# shellcheck disable=SC2086 # lists
	if have apt-get; then
		say "setup: installing with apt-get: $1"
		as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
		as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $1
	elif have dnf; then as_root dnf install -y $2
	elif have pacman; then as_root pacman -S --needed --noconfirm $3
	elif have zypper; then as_root zypper --non-interactive install $4
	else fail "no known package manager; please install these packages yourself: $1"
	fi
}

# go_toolchain says what to do where Go is missing or older than go.mod asks.
go_toolchain() {
	wanted=$(sed -n 's/^go //p' go.mod)
	have go || fail "Go is missing; install Go $wanted or newer from https://go.dev/dl/ or your system's packages"
	# In this folder go answers for the version it would build with: since 1.21 it
	# fetches a newer one by itself, unless GOTOOLCHAIN forbids it.
	found=$(go env GOVERSION 2>/dev/null) || found=$(cd / && go env GOVERSION)
	found=${found#devel } found=${found#go}
	older "$found" "$wanted" || return 0
	fail "Go $found is too old; install Go $wanted or newer from https://go.dev/dl/ or your system's packages"
}

# older A B — whether version A comes before version B.
older() {
	printf '%s\n%s\n' "$1" "$2" | awk -F '[^0-9]+' '
		NR == 1 { for (i = 1; i <= 3; i++) a[i] = $i + 0 }
		NR == 2 { for (i = 1; i <= 3; i++) if (a[i] != $i + 0) exit !(a[i] < $i + 0); exit 1 }'
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

script_packages() {
	if have shellcheck; then return 0; fi
	[ "$(uname -s)" = Linux ] || fail "shellcheck is missing; install it yourself"
	install_packages shellcheck ShellCheck shellcheck ShellCheck
}

installer_packages() {
	[ "$(uname -s)" = Linux ] || return 0
	if have x86_64-w64-mingw32-gcc && have makensis && have debootstrap && have rpm && have xz &&
		have desktop-file-validate && have appstreamcli && have wine && have unzip && have mksquashfs; then return 0; fi
	have apt-get || fail "installers can only be made on Debian or Ubuntu"
	install_packages 'gcc-mingw-w64-x86-64-posix nsis wine64 wine debootstrap rpm xz-utils zip unzip squashfs-tools desktop-file-utils appstream mandoc' '' '' ''
}

cache_folder() {
	case "$(uname -s)" in
	Darwin) printf '%s' "$HOME/Library/Caches" ;;
	MINGW*|MSYS*|CYGWIN*) cygpath -u "$LOCALAPPDATA" ;;
	*) printf '%s' "${XDG_CACHE_HOME:-$HOME/.cache}" ;;
	esac
}

# platform prints the folder inside the package for this machine.
platform() {
	case "$(uname -s)-$(uname -m)" in
	Linux-x86_64) echo linux/x64 ;;
	Linux-aarch64) echo linux/arm64 ;;
	Darwin-arm64) echo darwin/arm64 ;;
	MINGW*-x86_64|MSYS*-x86_64|CYGWIN*-x86_64) echo win32/x64 ;;
	MINGW*-aarch64|MSYS*-aarch64) echo win32/arm64 ;;
	*) return 1 ;;
	esac
}

sha256_of() { if have sha256sum; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1; }

# checksums SYSTEM/PROCESSOR prints checksum and name of each of its files.
checksums() {
	sed -n "s#^\([0-9a-f]*\)  $1/\(.*\)#\1 \2#p" "${ORT_FILES:-$(dirname "$0")/onnxruntime.sha256}"
}

# whole SYSTEM/PROCESSOR FOLDER — every file is there, byte for byte.
whole() {
	list=$(checksums "$1")
	[ -n "$list" ] || fail "no checksums are known for $1"
	while read -r sum name; do
		[ -f "$2/$name" ] && [ "$(sha256_of "$2/$name")" = "$sum" ] || return 1
	done <<-END
		$list
	END
}

# locked FILE COMMAND… — one set-up at a time; where there is no flock, each does
# the work, in names of its own.
locked() {
	lock=$1
	shift
	if have flock; then
		exec 9>"$lock"
		flock -w 1800 9 || fail "another set-up has held $lock for half an hour"
	fi
	"$@"
	exec 9>&-
}

# fetch WORK prints the package's path. It comes from the npm registry through npm
# itself, without running any script of the package; the checksum decides whether
# it is the right one.
fetch() {
	package=${PICASSO_ORT_PACKAGE:-}
	if [ -z "$package" ]; then
		have npm || install_packages npm npm npm npm
		say "setup: fetching ONNX Runtime $ORT_VERSION ($ORT_PACKAGE)"
		(cd "$1" && npm pack --silent "$ORT_PACKAGE" >/dev/null) ||
			fail "npm could not fetch $ORT_PACKAGE; set PICASSO_ONNXRUNTIME to a library of version $ORT_VERSION instead"
		package=$(ls "$1"/*.tgz)
	fi
	[ "$(sha256_of "$package")" = "$ORT_SHA256" ] ||
		fail "$package is not used: its checksum is $(sha256_of "$package"), not $ORT_SHA256"
	printf '%s' "$package"
}

# unpack_runtime SYSTEM/PROCESSOR FOLDER — unless it is there and whole. Every
# file comes by a rename from a folder of this run's own beside it, so that a
# set-up that is broken off, or runs twice, never leaves half a library behind.
unpack_runtime() {
	if whole "$1" "$2"; then return 0; fi
	mkdir -p "$2"
	find "$2" -name '.setup-*' -mmin +60 -exec rm -rf {} + # of runs that were killed
	work=$(mktemp -d "$2/.setup-XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
	package=$(fetch "$work")
	tar -xzf "$package" -C "$work" "package/bin/napi-v6/$1"
	fresh="$work/package/bin/napi-v6/$1"
	whole "$1" "$fresh" || fail "$package does not hold the files that scripts/onnxruntime.sha256 lists for $1: not used"
	checksums "$1" | while read -r _ name; do
		mv -f "$fresh/$name" "$2/$name"
	done
	rm -rf "$work"
	say "setup: ONNX Runtime is in $2"
}

# onnx_runtime puts the library into the user's cache. It is looked at on every
# start: a file that is not the one of this release is replaced.
onnx_runtime() {
	[ -z "${PICASSO_ONNXRUNTIME:-}" ] || return 0
	inside=$(platform) || {
		say "setup: there is no ONNX Runtime package for $(uname -s) $(uname -m); set PICASSO_ONNXRUNTIME to a library of version $ORT_VERSION"
		return 0
	}
	target="$(cache_folder)/picasso/onnxruntime-$ORT_VERSION"
	if whole "$inside" "$target"; then return 0; fi
	mkdir -p "$(dirname "$target")"
	locked "$target.lock" unpack_runtime "$inside" "$target"
}

case "${1:-}" in
build) go_toolchain; system_packages; onnx_runtime ;;
smoke) smoke_packages ;;
scripts) script_packages ;;
installers) go_toolchain; system_packages; smoke_packages; installer_packages ;;
runtime) [ $# = 3 ] || fail "usage: setup.sh runtime SYSTEM/PROCESSOR FOLDER"; unpack_runtime "$2" "$3" ;;
*) fail "usage: setup.sh build | smoke | scripts | installers | runtime SYSTEM/PROCESSOR FOLDER" ;;
esac
