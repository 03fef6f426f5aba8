# setup.sh: sourced by check.sh and demo.sh. need PROGRAM:PACKAGE... installs the packages whose program is not there.
# `PROGRAM` may be pc/NAME for a library that pkg-config must know, or c/COMPILER: one that makes programs, which takes
# the headers and start files of the C library too.

have() {
	case $1 in
	c/*)
		probe=$(mktemp) || return 1
		printf '#include <stdio.h>\nint main(void) { return puts("") < 0; }\n' |
			"${1#c/}" -x c - -o "$probe" > /dev/null 2>&1 && rm -f "$probe" || { rm -f "$probe"; return 1; } ;;
	pc/*) command -v pkg-config > /dev/null 2>&1 && pkg-config --exists "${1#pc/}" ;;
	*) command -v "$1" > /dev/null 2>&1 ;;
	esac
}

need() {
	missing=
	for pair in "$@"; do
		have "${pair%%:*}" || missing="$missing ${pair#*:}"
	done
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ] || ! command -v apt-get > /dev/null 2>&1; then
		echo "missing:$missing" >&2
		echo "install them, for example: sudo apt-get install$missing" >&2
		return 1
	fi
	echo "installing:$missing"
	# shellcheck disable=SC2086
	{
		apt-get update -qq || true
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null
	}
}

# build DIR [MESON OPTIONS]: configures once, builds. Leaves the options of an existing directory alone.
build() {
	dir=$1
	shift
	if [ ! -f "$dir/build.ninja" ]; then
		meson setup "$dir" "$@" > "$dir.log" 2>&1 || { cat "$dir.log"; rm -f "$dir.log"; return 1; }
		rm -f "$dir.log"
	fi
	ninja -C "$dir" > "$dir/build.log" 2>&1 || { cat "$dir/build.log"; return 1; }
}
