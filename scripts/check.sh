#!/bin/sh
# check.sh [MESON OPTIONS]: installs what is missing, builds, runs all tests. BUILD names the build directory.
# Ends with one line: N passed, N failed[, N skipped]. Exit status 0 when nothing failed.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

need meson:meson ninja:ninja-build gcc:gcc c/gcc:libc6-dev g++:g++ re2c:re2c bison:bison pkg-config:pkg-config make:make \
	size:binutils python3:python3
need pc/cmocka:libcmocka-dev

dir=${BUILD:-build}
build "$dir" "$@"
status=0
meson test -C "$dir" --no-rebuild --print-errorlogs || status=$?
python3 scripts/summary.py "$dir/meson-logs/testlog.junit.xml" || status=1
exit "$status"
