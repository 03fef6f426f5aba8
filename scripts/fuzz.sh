#!/bin/sh
# fuzz.sh [-t SECONDS] [-s SEED] [-o FOLDER] [-c FOLDER]... [text|program]...: coverage-guided fuzzing, one process.
# Builds the targets with clang in build-fuzz (BUILD names another), starts from tests/fuzz/corpus, the examples and the
# folders of -c, keeps what is new in FOLDER (default build-fuzz/found; a second run goes on from there) and ends with one
# line per target: executions, coverage, findings. Exit status 1 when there is a finding; its input is in FOLDER.
set -eu
here=$(pwd)
cd "$(dirname "$0")/.."
build=${BUILD:-build-fuzz}
seconds=3600 seed=1 found='' extra=''
while getopts t:s:o:c: o; do
	case $o in
	t) seconds=$OPTARG ;;
	s) seed=$OPTARG ;;
	o) case $OPTARG in /*) found=$OPTARG ;; *) found=$here/$OPTARG ;; esac ;;
	c) case $OPTARG in /*) extra="$extra $OPTARG" ;; *) extra="$extra $here/$OPTARG" ;; esac ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- text program
[ -f "$build/build.ninja" ] || CC=${CC:-clang} meson setup "$build" > /dev/null
for target; do
	ninja -C "$build" "tests/fuzz_$target" > "$build/build.log" 2>&1 || { cat "$build/build.log"; exit 2; }
done
[ -n "$found" ] || found=$(cd "$build" && pwd)/found
status=0
for target; do
	mkdir -p "$found/$target"
	more=
	[ "$target" = program ] || more="examples $extra"
	log=$found/$target.log
	# shellcheck disable=SC2086
	UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_stack_use_after_return=1 "$build/tests/fuzz_$target" \
		-max_total_time=$((seconds / $#)) -seed="$seed" -timeout=60 -rss_limit_mb=4096 -max_len=65536 \
		-print_final_stats=1 -use_value_profile=0 -artifact_prefix="$found/$target-" \
		"$found/$target" "tests/fuzz/corpus/$target" $more > "$log" 2>&1 || status=1
	n=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	cov=$(sed -n 's/.*\(cov: [0-9]* ft: [0-9]*\).*/\1/p' "$log" | tail -n 1)
	bad=$(find "$found" -maxdepth 1 -name "$target-*" | wc -l)
	echo "$target: ${n:-?} executions, $cov, $bad findings"
done
exit "$status"
