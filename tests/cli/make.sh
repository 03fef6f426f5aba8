#!/bin/sh
# make.sh PTOC SOURCE_ROOT: the rules of ptoc.mk: results, dependencies, options, failures, make -j. Prints TAP.
set -eu
command -v make > /dev/null || { echo "1..0 # SKIP no make"; exit 0; }
ptoc=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
root=$(cd "$2" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

n=0
failed=0
# ok NAME COMMAND...: one test
ok() {
	name=$1
	shift
	n=$((n + 1))
	if "$@" > log 2>&1; then echo "ok $n - $name"; else
		echo "not ok $n - $name"
		sed 's/^/# /' log
		failed=1
	fi
}
not() { ! "$@"; }
mk() { make -s PTOC="$ptoc" PTOC_MK="$root/ptoc.mk" "$@"; }
example() { mk -f "$root/examples/make/Makefile" "$@"; }
# uptodate MAKE...: nothing to do
uptodate() { "$@" -q; }
later() { touch -d '2 seconds ago' "$@" || true; }

ok 'builds all kernels in parallel' example -j4 all
ok 'results are there' test -s softmax.cpp -a -s double_buffered_add.cpp
ok 'nothing to do afterwards' uptodate example all
ok 'same text as the program' sh -c "'$ptoc' --v-prune=never '$root/examples/softmax.pto' | cmp - softmax.cpp"
ok 'check proves them' example check
ok 'clean removes them' example clean
ok 'they are gone' not test -e softmax.cpp

cp "$root/examples/softmax.pto" k.pto
printf 'include %s\nall: k.cpp\n' "$root/ptoc.mk" > Makefile
ok 'the first goal is the one of the makefile' make -s PTOC="$ptoc"
ok 'k.cpp is made' test -s k.cpp
cp k.cpp first.cpp || true
later first.cpp k.cpp k.pto
touch k.pto
ok 'a new input makes it again' sh -c "make -s PTOC='$ptoc' && test k.cpp -nt first.cpp"
later k.cpp
ok 'new options make it again' sh -c "make -s PTOC='$ptoc' PTOCFLAGS=--sync=none && ! cmp -s k.cpp first.cpp"
ok 'the old options again' sh -c "make -s PTOC='$ptoc' && cmp k.cpp first.cpp"
# file times are coarse: what was made is older than what comes now
later k.cpp
printf 'module {\n' > k.pto
ok 'a failure is a failure' not make -s PTOC="$ptoc"
ok 'and leaves the old result' cmp k.cpp first.cpp
ok 'which does not count as made' not make -q PTOC="$ptoc"
rm -f k.cpp
ok 'or nothing at all' sh -c "! make -s PTOC='$ptoc' 2> /dev/null && ! test -e k.cpp"
echo "1..$n"
exit "$failed"
