#!/bin/sh
# install.sh BUILD CC: installs into a scratch directory and uses the result as a stranger would: the program, the
# library through pkg-config, the make rules. Prints TAP.
set -eu
command -v pkg-config > /dev/null || { echo "1..0 # SKIP no pkg-config"; exit 0; }
build=$1
cc=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
meson install -C "$build" --no-rebuild --quiet --destdir "$tmp" > "$tmp/log" 2>&1 || { cat "$tmp/log"; exit 1; }

n=0
failed=0
ok() {
	name=$1
	shift
	n=$((n + 1))
	if "$@" > "$tmp/log" 2>&1; then echo "ok $n - $name"; else
		echo "not ok $n - $name"
		sed 's/^/# /' "$tmp/log"
		failed=1
	fi
}
# one NAME: the only installed file of that name
one() { find "$tmp" -name "$1" -type f | sed 1q; }
none() { [ -z "$(find "$tmp" -name "$1")" ]; }

for f in ptoc ptoc.h libptoc.a ptoc.pc ptoc.1 ptoc.mk; do
	ok "installs $f" test -f "$(one $f)"
done
ok 'does not take the name ptoas' none ptoas
ok 'the program runs' "$(one ptoc)" --version

cat > "$tmp/use.c" << 'C'
#include <ptoc/ptoc.h>
#include <stdio.h>
int main(void)
{
	struct ptoc_result r;
	int ok = ptoc_compile("module {\n}\n", 11, NULL, &r);
	printf("%s%s", r.text ? r.text : "", r.diagnostics);
	ptoc_result_free(&r);
	return !ok;
}
C
PKG_CONFIG_PATH=$(dirname "$(one ptoc.pc)") PKG_CONFIG_SYSROOT_DIR=$tmp
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
link() { $cc -o "$tmp/use" "$tmp/use.c" $(pkg-config --cflags --libs ptoc); }
ok 'a program links with it' link
ok 'and runs' "$tmp/use"
echo "1..$n"
exit "$failed"
