#!/bin/sh
# analyse.sh [cppcheck|tidy|analyzer|valgrind|threads]...: static analysis of src and the unit tests under valgrind; all
# of them without arguments. Prints findings; exit status 1 when there is one. Builds in build-analyse (BUILD names
# another one). A tool that is not installed is skipped, and said so.
set -u
cd "$(dirname "$0")/.."
dir=${BUILD:-build-analyse}
status=0

configured() {
	[ -f "$1/build.ninja" ] || meson setup "$@" > /dev/null
}

with() {
	command -v "$1" > /dev/null 2>&1 || { echo "$1 is not installed: skipped"; return 1; }
}

# objectIndex: cppcheck takes &v->at[k] of a VEC for the address of a local. The generated files are not ours to judge.
do_cppcheck() {
	with cppcheck || return 0
	cppcheck --std=c11 --language=c --enable=warning,performance,portability --inline-suppr --quiet --error-exitcode=1 \
		--suppress=missingIncludeSystem --suppress=objectIndex -Isrc -Iinclude -D_POSIX_C_SOURCE=200809L \
		-DPTOC_VERSION='"0"' src/*/*.c
}

# The checks, and why others are left out: .clang-tidy.
do_tidy() {
	with clang-tidy || return 0
	configured "$dir" && ninja -C "$dir" grammar/parser.h > /dev/null || return 1
	clang-tidy -p "$dir" --quiet --extra-arg=-Wno-unknown-warning-option src/*/*.c 2> /dev/null
}

# Left off: the malloc family follows arenas badly (blocks freed through lists), uninitialised values through VEC copies
# are valgrind's to find.
do_analyzer() {
	with gcc || return 0
	configured "$dir" && ninja -C "$dir" grammar/parser.h > /dev/null || return 1
	bad=0
	for f in src/*/*.c; do
		gcc -std=c11 -D_POSIX_C_SOURCE=200809L -DPTOC_VERSION='"0"' -DPTOC_ANALYSE -Isrc -Iinclude -I"$dir/grammar" -O1 -fanalyzer -Werror \
			-Wno-analyzer-use-of-uninitialized-value -Wno-analyzer-malloc-leak -c "$f" -o /dev/null || bad=1
	done
	return "$bad"
}

do_valgrind() {
	with valgrind || return 0
	configured "$dir" && ninja -C "$dir" > /dev/null || return 1
	meson test -C "$dir" --no-rebuild --setup valgrind --suite unit --print-errorlogs
}

do_threads() {
	with clang || return 0
	CC=clang configured "$dir-threads" -Db_sanitize=thread -Db_lundef=false || return 1
	ninja -C "$dir-threads" tests/threads tests/test_api src/ptoc > /dev/null || return 1
	for t in threads api; do
		meson test -C "$dir-threads" --no-rebuild --print-errorlogs "$t" || return 1
	done
}

[ $# -gt 0 ] || set -- cppcheck tidy analyzer valgrind threads
for what; do
	echo "== $what"
	"do_$what" || { status=1; echo "$what: findings"; }
done
exit "$status"
