#!/bin/sh
# dist.sh SOURCE_ROOT: makes the source archive, builds the program from what it holds, uses it. Compiles the program anew,
# so it runs only when PTOC_PACKAGE_TESTS is set. Prints TAP.
set -eu
[ -n "${PTOC_PACKAGE_TESTS:-}" ] || { echo "1..0 # SKIP PTOC_PACKAGE_TESTS is not set"; exit 0; }
git -C "$1" rev-parse --git-dir > /dev/null 2>&1 || { echo "1..0 # SKIP an archive is made of a git checkout"; exit 0; }
root=$(cd "$1" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0
failed=0
ok() {
	name=$1
	shift
	n=$((n + 1))
	if "$@" > "$tmp/log" 2>&1; then echo "ok $n - $name"; else
		echo "not ok $n - $name"
		sed 's/^/# /' "$tmp/log"
		failed=1
	fi
}
ok 'a build folder' meson setup "$tmp/build" "$root"
ok 'the archive is made' meson dist -C "$tmp/build" --no-tests --allow-dirty
archive=$(echo "$tmp"/build/meson-dist/ptoc-*.tar.xz)
ok 'its sum is right' sh -c "cd '$tmp/build/meson-dist' && sha256sum -c ./*.sha256sum"
ok 'it unpacks' tar -C "$tmp" -xf "$archive"
tree=$(echo "$tmp"/ptoc-*)
ok 'it is configured' meson setup "$tmp/again" "$tree" --buildtype=plain
ok 'it builds' ninja -C "$tmp/again" src/ptoc
ok 'the program compiles' sh -c "'$tmp/again/src/ptoc' '$tree/examples/softmax.pto' -o '$tmp/softmax.cpp'"
ok 'to the expected text' cmp "$tmp/softmax.cpp" "$tree/examples/expected/softmax.cpp"
ok 'its version is the name of the archive' sh -c \
	"'$tmp/again/src/ptoc' --version | grep -qF \"$(basename "$tree" | sed 's/^ptoc-//')\""
echo "1..$n"
exit "$failed"
