#!/bin/sh
# builds.sh PTOC SOURCE_ROOT: the kernels of examples/ in a Meson and in a CMake build: made, not made again, made again
# after a change; nothing is left behind by a kernel with errors. Prints TAP.
set -eu
ptoc=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$(cd "$2" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin" "$tmp/examples"
ln -s "$ptoc" "$tmp/bin/ptoc"
PATH=$tmp/bin:$PATH
export PATH
cp -R "$root/examples/meson" "$root/examples/cmake" "$root/examples/softmax.pto" \
	"$root/examples/double_buffered_add.pto" "$tmp/examples"
cd "$tmp/examples"

n=0
failed=0
# ok NAME COMMAND...: one test
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
not() { ! "$@"; }
same() { "$ptoc" --pto-arch=a3 "$1.pto" | cmp - "$2/$1.cpp"; }
# made_again BUILD COMMAND...: did the command write softmax.cpp?
made_again() {
	before=$(stat -c %y "$1/softmax.cpp")
	build=$1
	shift
	"$@" && [ "$(stat -c %y "$build/softmax.cpp")" != "$before" ]
}
# as BUILD-SYSTEM BUILD COMMAND...: the same tests for all of them
as() {
	what=$1
	build=$2
	shift 2
	ok "$what: builds" "$@"
	ok "$what: softmax is what the program writes" same softmax "$build"
	ok "$what: so is the other kernel" same double_buffered_add "$build"
	cp "$build/softmax.cpp" first.cpp
	ok "$what: nothing is made twice" not made_again "$build" "$@"
	echo '// changed' >> softmax.pto
	ok "$what: a changed kernel is made again" made_again "$build" "$@"
	ok "$what: with the same text" cmp first.cpp "$build/softmax.cpp"
	cp softmax.pto saved
	echo 'module {' > softmax.pto
	ok "$what: a kernel with errors fails the build" not "$@"
	mv saved softmax.pto
	ok "$what: and is made when it is mended" "$@"
}

if command -v meson > /dev/null && command -v ninja > /dev/null; then
	ok 'Meson: sets up' meson setup m meson
	as Meson m ninja -C m
	ok 'Meson: the tests prove the kernels' meson test -C m
fi
if command -v cmake > /dev/null && command -v make > /dev/null; then
	ok 'CMake: sets up' cmake -G 'Unix Makefiles' -S cmake -B c
	as CMake c cmake --build c
fi
[ "$n" -gt 0 ] || { echo "1..0 # SKIP neither Meson nor CMake"; exit 0; }
echo "1..$n"
exit "$failed"
