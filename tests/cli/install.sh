#!/bin/sh
# install.sh BUILD SOURCE_ROOT CC: installs into a scratch directory and uses the result as a stranger would: the
# program, the libraries through pkg-config, in the reference compiler's place under PyPTO. Prints TAP.
set -eu
command -v pkg-config > /dev/null || { echo "1..0 # SKIP no pkg-config"; exit 0; }
build=$1
root=$2
shift 2
cc=$*
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

for f in ptoc ptoc.h libptoc.a libptoc.so.0.* ptoc.pc ptoc.1 pto.5 ptoc.mk _ptoc ptoc.fish; do
	ok "installs $f" test -f "$(one "$f")"
done
programs=$(dirname "$(find "$tmp" -path '*/bin/ptoc')")
ok 'does not take the name ptoas on PATH' test ! -e "$programs/ptoas"
ok 'the program runs' "$programs/ptoc" --version

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
libraries=$(dirname "$(one libptoc.a)")
link() { $cc -o "$tmp/use" "$tmp/use.c" $(pkg-config --cflags --libs ptoc); }
ok 'a program links with it' link
ok 'and runs' env LD_LIBRARY_PATH="$libraries" "$tmp/use"
needs() { ldd "$tmp/use" | grep -q libptoc; }
ok 'with the shared library' needs
link_static() { $cc -o "$tmp/use" "$tmp/use.c" $(pkg-config --cflags ptoc) "$libraries/libptoc.a"; }
ok 'a program links with the static library' link_static
ok 'and runs without the shared one' "$tmp/use"
if command -v python3 > /dev/null; then
	ok 'Python compiles with the shared library' env LIBPTOC="$libraries/libptoc.so.0" PYTHONDONTWRITEBYTECODE=1 \
		python3 "$root/examples/python/ptoc.py" "$root/examples/softmax.pto"
	place=$(dirname "$(find "$tmp" -name ptoas)")
	FIRST=$((n + 1)) python3 "$root/tests/cli/pypto.py" "$place" "$root/examples" || failed=1
	n=$((n + 3))
fi
echo "1..$n"
exit "$failed"
