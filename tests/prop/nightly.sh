#!/bin/sh
# nightly.sh GEN_TEST: many random kernels, PTOC_NIGHTLY_COUNT (default 100000) of them from seed PTOC_NIGHTLY_FIRST
# (default: 100000 times the day of the year, so that every night sees others), in PTOC_NIGHTLY_JOBS processes (default 1)
# at low priority. Prints what each range came to, and fails when one found something.
set -eu
gen=$1
count=${PTOC_NIGHTLY_COUNT:-100000}
first=${PTOC_NIGHTLY_FIRST:-$(($(date +%j | sed 's/^0*//') * 100000))}
jobs=${PTOC_NIGHTLY_JOBS:-1}
part=$(((count + jobs - 1) / jobs))
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

echo "random kernels: seeds $first to $((first + part * jobs - 1)), $jobs processes"
n=0
while [ "$n" -lt "$jobs" ]; do
	PTOC_GEN_COUNT=$part nice -n 19 "$gen" $((first + n * part)) > "$dir/$n" 2>&1 &
	echo $! > "$dir/$n.pid"
	n=$((n + 1))
done
bad=0
n=0
while [ "$n" -lt "$jobs" ]; do
	wait "$(cat "$dir/$n.pid")" || bad=1
	cat "$dir/$n"
	n=$((n + 1))
done
exit $bad
