#!/bin/sh
# scalar.sh PTOC DIR STUB: prints scalar.pto, compiles it with its main and runs it. Skips without a compiler.
set -eu
cxx=$(command -v g++ || command -v clang++) || { echo "1..0 # SKIP no C++ compiler"; exit 0; }
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$1" "$2/scalar.pto" -o "$tmp/scalar.cpp"
"$cxx" -std=c++17 -I "$3" -DSCALAR_CPP="\"$tmp/scalar.cpp\"" "$2/scalar_main.cpp" -o "$tmp/scalar"
"$tmp/scalar"
