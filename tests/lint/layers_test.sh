#!/bin/sh
# layers_test.sh SOURCE_ROOT: layers.sh must accept a good tree and reject each kind of bad include.
set -eu
root=$(cd "$1" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp/src/sync" "$tmp/src/check" "$tmp/src/ir" "$tmp/grammar"
try() { # EXPECTED FILE INCLUDE
	printf '#include "%s"\n' "$3" > "$tmp/$2"
	if sh "$root/tests/lint/layers.sh" "$tmp" > /dev/null 2>&1; then got=good; else got=bad; fi
	rm "$tmp/$2"
	[ "$got" = "$1" ] || { echo "$2 with \"$3\": $got, expected $1"; exit 1; }
}
try good src/sync/a.c access/access.h
try good src/check/a.c check/check.h
try bad src/sync/a.c check/check.h
try bad src/check/a.c sync/sync.h
try bad src/check/a.c access/affine.h
try bad src/ir/a.c emit/cxx.h
try bad src/ir/a.c ptoc/ptoc.h
try bad grammar/a.y verify/verify.h
echo ok
