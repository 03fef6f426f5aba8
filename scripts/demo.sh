#!/bin/sh
# demo.sh: installs what is missing, builds, compiles the kernel this project was started for, prints the C++ and says
# where the fence is and why.
set -eu
cd "$(dirname "$0")/.."
. scripts/setup.sh

need meson:meson ninja:ninja-build gcc:gcc c/gcc:libc6-dev re2c:re2c bison:bison pkg-config:pkg-config
dir=${BUILD:-build}
build "$dir"

kernel=examples/rmsnorm_rope.pto
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$dir/src/ptoc" --explain-sync "$kernel" -o "$tmp/kernel.cpp" 2> "$tmp/explain"

cat "$tmp/kernel.cpp"
cat << TEXT

------------------------------------------------------------------------------------------------------------------------
$kernel stores eight chunks of a row in a loop and then loads the last one back through another view
of the same tensor. A flag from MTE3 to MTE2 orders the two pipes, but it does not make the store visible in global
memory: the load may read old data. The store has to retire as seen by the scalar unit, and a dsb has to follow, before
the load is issued; once, behind the loop. In the C++ above:

TEXT
grep -n -B 2 'dsb(' "$tmp/kernel.cpp"
echo
echo "What the compiler says about it (ptoc --explain-sync):"
echo
# the fence, the flag that tells the scalar unit that the store has retired, and the reasons of both
awk '/^  [^ ]/ { keep = /dsb|PIPE_S,/ } /^@/ || keep' "$tmp/explain"
echo
"$dir/src/ptoc" --check --sync=auto "$kernel"
echo "$dir/src/ptoc --check --sync=auto $kernel: proved"
