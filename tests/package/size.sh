#!/bin/sh
# size.sh BUILD CC...: how large the program is, stripped: below 1 MB with shared libraries of the system, below 2 MB
# static. Prints TAP.
set -eu
build=$1
shift
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0
failed=0
# below LIMIT FILE NAME
below() {
	n=$((n + 1))
	strip -o "$tmp/stripped" "$2"
	bytes=$(wc -c < "$tmp/stripped")
	if [ "$bytes" -lt "$1" ]; then echo "ok $n - $3: $bytes bytes"; else
		echo "not ok $n - $3: $bytes bytes, limit $1"
		failed=1
	fi
}
below 1000000 "$build/src/ptoc" 'the program'
below 1000000 "$build/src/libptoc.so" 'the shared library'
if "$@" -static -o "$tmp/static" "$build"/src/ptoc.p/*.o "$build/src/libptoc.a" -pthread 2> "$tmp/log"; then
	below 2000000 "$tmp/static" 'the static program'
	n=$((n + 1))
	"$tmp/static" --version > /dev/null || { echo "not ok $n - which runs"; exit 1; }
	echo "ok $n - which runs"
else
	sed 's/^/# /' "$tmp/log"
fi
echo "1..$n"
exit "$failed"
