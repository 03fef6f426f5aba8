#!/bin/sh
# coverage.sh [LOWEST]: line coverage of src by all tests, per folder, then the lines of messages no test reaches. Builds in
# build-coverage (BUILD names another). Exit status 1 when less than LOWEST per cent (default 90) of the lines are run.
set -eu
cd "$(dirname "$0")/.."
dir=${BUILD:-build-coverage}
[ -f "$dir/build.ninja" ] || meson setup "$dir" --buildtype=debug -Db_coverage=true > /dev/null
ninja -C "$dir" > "$dir/build.log" 2>&1 || { cat "$dir/build.log"; exit 2; }
find "$dir" -name '*.gcda' -exec rm -f {} +
meson test -C "$dir" --no-rebuild --no-suite lint --no-suite perf > "$dir/test.log" 2>&1 || echo "some tests fail: $dir/test.log"
exec python3 scripts/coverage.py "$dir" "${1:-90}"
