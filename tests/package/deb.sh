#!/bin/sh
# deb.sh SOURCE_ROOT: makes the Debian package, installs it into a root of its own, uses it, removes it. Compiles the
# program anew, so it runs only when PTOC_PACKAGE_TESTS is set. Prints TAP.
set -eu
[ -n "${PTOC_PACKAGE_TESTS:-}" ] || { echo "1..0 # SKIP PTOC_PACKAGE_TESTS is not set"; exit 0; }
command -v dpkg-deb > /dev/null || { echo "1..0 # SKIP no dpkg-deb"; exit 0; }
[ "$(id -u)" -eq 0 ] || { echo "1..0 # SKIP dpkg wants to be root"; exit 0; }
root=$(cd "$1" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
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
not() { ! "$@"; }
build() { BUILD=$tmp/build sh "$root/scripts/deb.sh" "$tmp/out"; }
ok 'the package is built' build
deb=$(echo "$tmp"/out/ptoc_*.deb)
place=$tmp/root
mkdir -p "$place/var/lib/dpkg/info" "$place/var/lib/dpkg/updates"
touch "$place/var/lib/dpkg/status"
pkg() { dpkg --root="$place" --force-depends --force-not-root --log="$tmp/dpkg.log" "$@"; }
ok 'it installs' pkg --install "$deb"
ok 'dpkg knows it' sh -c "dpkg --root='$place' --status ptoc | grep -q '^Status: install ok installed'"
ok 'the program compiles' sh -c "'$place/usr/bin/ptoc' '$root/examples/softmax.pto' | grep -q TLOAD"
ok 'the name for PyPTO does, too' sh -c "'$place/usr/libexec/ptoc/ptoas' --version | grep -q '^ptoas '"
library=$(find "$place/usr/lib" -name 'libptoc.so.0')
ok 'the library compiles from Python' env LIBPTOC="$library" PYTHONDONTWRITEBYTECODE=1 python3 \
	"$root/examples/python/ptoc.py" "$root/examples/softmax.pto"
for f in include/ptoc/ptoc.h share/man/man1/ptoc.1.gz share/man/man5/pto.5.gz share/ptoc/ptoc.mk \
	share/bash-completion/completions/ptoc share/zsh/site-functions/_ptoc share/fish/vendor_completions.d/ptoc.fish \
	share/doc/ptoc/copyright; do
	ok "there is $f" test -s "$place/usr/$f"
done
for f in bin/ptoc "${library#"$place/usr/"}"; do
	ok "$f has less than 1 MB" test "$(wc -c < "$place/usr/$f")" -lt 1000000
done
ok 'every file is as it was packed' sh -c "cd '$place' && md5sum -c --quiet var/lib/dpkg/info/ptoc.md5sums"
ok 'it can be removed' pkg --purge ptoc
ok 'nothing stays' not test -e "$place/usr/bin/ptoc"
ok 'no folder of ours either' sh -c "test -z \"\$(find '$place/usr' -name '*ptoc*' 2> /dev/null)\""
echo "1..$n"
exit "$failed"
