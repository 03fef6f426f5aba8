#!/bin/sh
# fuzz.sh [-t SECONDS] [-n RUNS] [-l BYTES] [-s SEED] [-o FOLDER] [-c FOLDER]... [-e libfuzzer|afl] [-p|-q] [-k]
# [text|program|syntax]...: coverage-guided fuzzing, one process. Builds the targets in build-fuzz (with AFL++ in
# build-afl; BUILD names another), starts from tests/fuzz/corpus and tests/fuzz/covered, the examples, the golden cases, a short
# kernel for every op that is cut out of them (fuzz_words.py) and the folders of -c, keeps what is new in FOLDER (default found in the build
# folder; a second run goes on from there) and ends with one line per target: executions, coverage, findings; with
# libFuzzer, coverage at every power of two of executions before it. text and syntax read the same kind of input: each
# starts from what the other has in FOLDER too. The engines have the op table and the words of the language as a dictionary.
# -n ends a target after RUNS. -l is the longest input (default 65536; short ones are many times as fast).
# -p: without sanitizers, for many times as many executions. -q: and without tracing of comparisons, every eighth input
# compiled twice instead of all: for ten times as many again.
# -k: afterwards the least of what was kept that covers every edge replaces tests/fuzz/covered/TARGET, which all builds
# replay (libFuzzer; not with -c or syntax: only what comes from our own inputs belongs there). Exit status 1 when there is a finding; its input is in FOLDER.
set -eu
here=$(pwd)
cd "$(dirname "$0")/.."
seconds=3600 runs=-1 longest=65536 seed=1 found='' extra='' keep='' engine=libfuzzer plain=''
while getopts t:n:l:s:o:c:e:pqk o; do
	case $o in
	t) seconds=$OPTARG ;;
	n) runs=$OPTARG ;;
	l) longest=$OPTARG ;;
	s) seed=$OPTARG ;;
	o) case $OPTARG in /*) found=$OPTARG ;; *) found=$here/$OPTARG ;; esac ;;
	c) case $OPTARG in /*) extra="$extra $OPTARG" ;; *) extra="$extra $here/$OPTARG" ;; esac ;;
	e) engine=$OPTARG ;;
	p) plain=_plain ;;
	q) plain=_fast ;;
	k) keep=1 ;;
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
[ -z "$keep" ] || case "$engine$extra $*" in
libfuzzer\ text | libfuzzer\ program | libfuzzer\ text\ program) ;;
*) echo "fuzz.sh: -k is for text and program, with libfuzzer and without -c" >&2; exit 2 ;;
esac
command -v "$compiler" > /dev/null || { echo "fuzz.sh: $compiler is not installed" >&2; exit 2; }
[ -f "$build/build.ninja" ] || CC=$compiler meson setup "$build" > /dev/null
for target; do
	ninja -C "$build" "tests/fuzz_$target$plain" > "$build/build.log" 2>&1 || { cat "$build/build.log"; exit 2; }
done
[ -n "$found" ] || found=$(cd "$build" && pwd)/found
status=0

# The folder of the other target that reads the same kind of input, when there is one.
sibling() {
	case $1 in
	text) [ ! -d "$found/syntax" ] || echo "$found/syntax" ;;
	syntax) [ ! -d "$found/text" ] || echo "$found/text" ;;
	esac
}

# The option that gives the engine its dictionary: $1 is the option, $2 the target.
dictionary() {
	[ "$2" != program ] || return 0
	python3 scripts/fuzz_words.py words . > "$found/words" && echo "$1$found/words"
}

# What a run starts from. Numbered, since names repeat.
seeds() {
	to=$found/$1-seeds
	covered=text
	[ "$1" != program ] || covered=program
	python3 scripts/fuzz_pack.py unpack "tests/fuzz/covered/$covered" "$found/covered-$covered" || exit 2
	if [ "$1" = program ]; then set -- tests/fuzz/corpus/program "$found/covered-program"
	else
		python3 scripts/fuzz_words.py ops . "$longest" "$found/ops" || exit 2
		# shellcheck disable=SC2046
		set -- tests/fuzz/corpus/text examples tests/golden/cases tests/prop/kernels "$found/ops" \
			"$found/covered-text" $(sibling "$1")
	fi
	mkdir -p "$to"
	# shellcheck disable=SC2086
	find "$@" $extra -type f ! -name '*.md' ! -name '*.err' ! -name '*.svg' -size -64k | sort | {
		n=0
		while read -r f; do
			n=$((n + 1))
			head -c "$longest" "$f" > "$to/$n"
		done
	}
}

# Coverage at the last report before each power of two.
curve() {
	awk '/[ \t](pulse|INITED|DONE)[ \t]/ && / cov: / { n = substr($1, 2) + 0; for (i = 1; i < NF; i++) if ($i == "cov:") c = $(i + 1)
		if (n >= 1024) printf "%12d %d\n", n, c }' "$1" | sort -n -u
}

with_libfuzzer() {
	[ -d "$found/$1" ] || {
		mkdir -p "$found/$1"
		seeds "$1"
		"$build/tests/fuzz_$1$plain" -merge=1 -max_len="$longest" -rss_limit_mb=4096 "$found/$1" "$found/$1-seeds" \
			> "$log" 2>&1 || status=1
	}
	# entropic scheduling costs more than short inputs take
	# shellcheck disable=SC2046
	UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_stack_use_after_return=1 "$build/tests/fuzz_$1$plain" \
		-max_total_time=$((seconds / count)) -runs="$runs" -seed="$seed" -timeout=60 -rss_limit_mb=4096 \
		-max_len="$longest" -entropic=0 -reload=0 -print_final_stats=1 -use_value_profile=0 \
		-artifact_prefix="$found/$1-" $(dictionary -dict= "$1") "$found/$1" $(sibling "$1") > "$log" 2>&1 || status=1
	curve "$log"
	n=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	cov=$(sed -n 's/.*\(cov: [0-9]* ft: [0-9]*\).*/\1/p' "$log" | tail -n 1)
	bad=$(find "$found" -maxdepth 1 -type f -name "$1-*" | wc -l)
	echo "$1: ${n:-?} executions, $cov, $bad findings"
	[ -z "$keep" ] || pack "$1"
}

# Edges only, not how often each is reached.
pack() {
	rm -rf "$found/$1-least"
	mkdir "$found/$1-least"
	"$build/tests/fuzz_$1$plain" -merge=1 -use_counters=0 -max_len="$longest" "$found/$1-least" "$found/$1" \
		> "$log.least" 2>&1 || exit 2
	python3 scripts/fuzz_pack.py pack "$found/$1-least" "$longest" "tests/fuzz/covered/$1"
}

# AFL++ takes one folder of small inputs.
with_afl() {
	seeds "$1"
	[ -d "$found/$1-afl" ] && from=- || from=$found/$1-seeds
	# shellcheck disable=SC2046
	AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_CMPLOG_ONLY_NEW=1 \
		afl-fuzz -i "$from" -o "$found/$1-afl" -s "$seed" -V $((seconds / count)) -t 60000 -m none \
		$(dictionary -x "$1") \
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
	mkdir -p "$found"
	log=$found/$target.log
	"with_$engine" "$target"
done
exit "$status"
