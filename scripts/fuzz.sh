#!/bin/sh
# fuzz.sh [-t SECONDS] [-s SEED] [-o FOLDER] [-c FOLDER]... [-e libfuzzer|afl] [-p] [text|program|syntax]...:
# coverage-guided fuzzing, one process. Builds the targets in build-fuzz (with AFL++ in build-afl; BUILD names another),
# starts from tests/fuzz/corpus, the examples and the folders of -c, keeps what is new in FOLDER (default found in the
# build folder; a second run goes on from there) and ends with one line per target: executions, coverage, findings.
# -p: without sanitizers, for many times as many executions. Exit status 1 when there is a finding; its input is in FOLDER.
set -eu
here=$(pwd)
cd "$(dirname "$0")/.."
seconds=3600 seed=1 found='' extra='' engine=libfuzzer plain=''
while getopts t:s:o:c:e:p o; do
	case $o in
	t) seconds=$OPTARG ;;
	s) seed=$OPTARG ;;
	o) case $OPTARG in /*) found=$OPTARG ;; *) found=$here/$OPTARG ;; esac ;;
	c) case $OPTARG in /*) extra="$extra $OPTARG" ;; *) extra="$extra $here/$OPTARG" ;; esac ;;
	e) engine=$OPTARG ;;
	p) plain=_plain ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- text program syntax
case $engine in
libfuzzer) build=${BUILD:-build-fuzz} compiler=${CC:-clang} ;;
afl) build=${BUILD:-build-afl} compiler=afl-clang-fast ;;
*) echo "fuzz.sh: -e libfuzzer or -e afl" >&2; exit 2 ;;
esac
command -v "$compiler" > /dev/null || { echo "fuzz.sh: $compiler is not installed" >&2; exit 2; }
[ -f "$build/build.ninja" ] || CC=$compiler meson setup "$build" > /dev/null
for target; do
	ninja -C "$build" "tests/fuzz_$target$plain" > "$build/build.log" 2>&1 || { cat "$build/build.log"; exit 2; }
done
[ -n "$found" ] || found=$(cd "$build" && pwd)/found
status=0

# What a run starts from: text and syntax read the same kind of input.
seeds() {
	if [ "$1" = program ]; then echo tests/fuzz/corpus/program; else echo "tests/fuzz/corpus/text examples $extra"; fi
}

with_libfuzzer() {
	# shellcheck disable=SC2046
	UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_stack_use_after_return=1 "$build/tests/fuzz_$1$plain" \
		-max_total_time=$((seconds / count)) -seed="$seed" -timeout=60 -rss_limit_mb=4096 -max_len=65536 \
		-print_final_stats=1 -use_value_profile=0 -artifact_prefix="$found/$1-" \
		"$found/$1" $(seeds "$1") > "$log" 2>&1 || status=1
	n=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	cov=$(sed -n 's/.*\(cov: [0-9]* ft: [0-9]*\).*/\1/p' "$log" | tail -n 1)
	bad=$(find "$found" -maxdepth 1 -name "$1-*" | wc -l)
	echo "$1: ${n:-?} executions, $cov, $bad findings"
}

# AFL++ takes one folder of small inputs.
with_afl() {
	mkdir -p "$found/$1-seeds"
	# shellcheck disable=SC2046
	find $(seeds "$1") -maxdepth 1 -type f ! -name '*.md' -size -64k -exec cp {} "$found/$1-seeds" \;
	[ -d "$found/$1-afl" ] && from=- || from=$found/$1-seeds
	AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_CMPLOG_ONLY_NEW=1 \
		afl-fuzz -i "$from" -o "$found/$1-afl" -s "$seed" -V $((seconds / count)) -t 60000 -m none \
		"$build/tests/fuzz_$1$plain" > "$log" 2>&1 || status=1
	stats=$found/$1-afl/default/fuzzer_stats
	[ -f "$stats" ] || { tail -n 20 "$log"; return; }
	value() { sed -n "s/^$1 *: *//p" "$stats"; }
	echo "$1: $(value execs_done) executions, cov: $(value edges_found) of $(value total_edges)," \
		"$(($(value saved_crashes) + $(value saved_hangs))) findings"
	[ "$(($(value saved_crashes) + $(value saved_hangs)))" -eq 0 ] || status=1
}

count=$#
for target; do
	mkdir -p "$found/$target"
	log=$found/$target.log
	"with_$engine" "$target"
done
exit "$status"
