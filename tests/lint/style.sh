#!/bin/sh
# style.sh SOURCE_ROOT: rules of form that a machine can see. Prints every place that breaks one.
set -u
cd "$1" || exit 1
out=$(mktemp)
trap 'rm -f "$out"' EXIT

code=$(find src grammar tests include -name '*.[ch]' -o -name '*.re' -o -name '*.y' | sort)
lib=$(find src -name '*.[ch]' ! -path 'src/driver/main.c' ! -path 'src/driver/reviews.c' ! -path 'src/driver/reduce.c' ! -path 'src/driver/repro.c' ! -path 'src/driver/job*.c' | sort)

# rule TEXT PATTERN FILE...
rule() {
	text=$1 pattern=$2
	shift 2
	grep -nE -- "$pattern" "$@" /dev/null | sed "s|\$| <- $text|" >> "$out"
}

# shellcheck disable=SC2086
{
	rule 'trailing blank' '[[:space:]]+$' $code
	rule 'unfinished work' '\b(TODO|FIXME|XXX|HACK)\b' $code
	rule 'typedef' '^[[:space:]]*typedef\b' $code
	rule 'switch on op ids' 'switch \((enum op_id|op_id\()' $code
	rule 'unbounded string function' '\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|strtok)\(' $lib
	rule 'machine-specific path' '(^|[^A-Za-z0-9_.])/(home|root|work)/' $code README.md docs/*.md scripts/* man/* examples/*.pto
}
# the library neither prints, exits nor looks around; the arena's last resort is the one exception
# shellcheck disable=SC2086
rule 'library must not do this' \
	'\b(printf|fprintf|puts|fputs|putchar|perror|exit|_exit|abort|getenv|setlocale|time|rand|system)\(' \
	$(echo "$lib" | grep -v '^src/base/arena.c$')
# shellcheck disable=SC2086
rule 'setjmp outside api.c and arena' '\b(setjmp|longjmp)\(' $(echo "$lib" | grep -vE '^src/(driver/api|base/arena).c$')

for f in $code; do
	expand "$f" | awk -v f="$f" 'length > 120 { print f ":" NR ": " length " columns <- line over 120 columns" }' >> "$out"
done
for f in $(find src -name '*.c' -o -name '*.h'); do
	n=$(wc -l < "$f")
	[ "$n" -le 900 ] || echo "$f: $n lines <- file over 900 lines" >> "$out"
done
cat "$out"
[ ! -s "$out" ]
