#!/bin/sh
# layers.sh SOURCE_ROOT: the dependency rule. A file includes only headers of its own folder and of lower rows; siblings
# in one row do not see each other. Prints every include that breaks the rule.
set -eu
cd "$1"

core='base diag isa ir'
# folder: what it may include, as FOLDER or FOLDER/HEADER
allowed() {
	case $1 in
	base) echo base ;;
	diag) echo base diag ;;
	isa) echo base isa ;;
	ir) echo "$core" ;;
	front) echo "$core front parser.h" ;;
	grammar) echo "$core front parser.h" ;;
	cxxin | verify | shape | mem) echo "$core $1" ;;
	access) echo "$core mem/mem.h access" ;;
	sync | check | cost) echo "$core mem/mem.h access/access.h access/section.h $1" ;;
	emit) echo "$core mem/mem.h emit" ;;
	driver) echo "$core front cxxin verify shape mem access sync check cost emit driver ptoc/ptoc.h" ;;
	*) echo "unknown folder $1" >&2; exit 1 ;;
	esac
}

bad=0
files=0
for f in src/*/* grammar/*.re grammar/*.y; do
	[ -f "$f" ] || continue
	case $f in
	grammar/*) folder=grammar ;;
	*) folder=${f#src/}; folder=${folder%%/*} ;;
	esac
	ok=" $(allowed "$folder") "
	files=$((files + 1))
	for h in $(sed -n 's/^[ \t]*#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$f"); do
		case $ok in
		*" ${h%%/*} "* | *" $h "*) ;;
		*) echo "$f: may not include \"$h\""; bad=$((bad + 1)) ;;
		esac
	done
done
[ "$files" -gt 0 ] || { echo "no files found"; exit 1; }
echo "$files files, $bad violations"
[ "$bad" -eq 0 ]
