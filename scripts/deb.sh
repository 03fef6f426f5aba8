#!/bin/sh
# deb.sh [OUTPUT_FOLDER]: builds a Debian package of this source tree: program, libraries, header, manual pages, completions.
# Prints the name of the file. BUILD names the build directory (default build-deb).
set -eu
out=$(mkdir -p "${1:-.}" && cd "${1:-.}" && pwd)
cd "$(dirname "$0")/.."
command -v dpkg-deb > /dev/null || { echo "dpkg-deb is missing" >&2; exit 1; }
build=${BUILD:-build-deb}
triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2> /dev/null || gcc -print-multiarch)
arch=$(dpkg --print-architecture)
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT

log=$stage/log
quiet() { "$@" > "$log" 2>&1 || { cat "$log" >&2; exit 1; }; }
[ -f "$build/build.ninja" ] ||
	quiet meson setup "$build" --prefix=/usr --libdir="lib/$triplet" --buildtype=release -Doptimization=2 -Db_ndebug=true
quiet meson compile -C "$build" ptoc:executable ptoc:shared_library ptoc:static_library
tree=$stage/tree
quiet meson install -C "$build" --destdir "$tree"
strip "$tree/usr/bin/ptoc"
strip --strip-unneeded "$tree/usr/lib/$triplet"/libptoc.so.*.*.*
strip --strip-debug "$tree/usr/lib/$triplet/libptoc.a"
gzip -9n "$tree"/usr/share/man/man[15]/pto*.[15]
mkdir -p "$tree/usr/share/doc/ptoc" "$tree/DEBIAN"
cp LICENSE "$tree/usr/share/doc/ptoc/copyright"
cp README.md CHANGELOG.md docs/*.md "$tree/usr/share/doc/ptoc"
version=$(sed -n "s/^project('ptoc'.* version: '\([0-9.]*\)'.*/\1/p" meson.build)
cat > "$tree/DEBIAN/control" << END
Package: ptoc
Version: $version
Architecture: $arch
Section: devel
Priority: optional
Maintainer: the ptoc maintainers <ptoc@localhost>
Depends: libc6
Suggests: python3, make
Installed-Size: $(du -sk "$tree/usr" | cut -f1)
Description: compiler from .pto kernels to C++ for Ascend a2/a3
 Compiles the textual PTO dialect to C++ for the public pto-isa headers, inserts
 the synchronisation between the pipes of a core and proves the result. Holds the
 program, the library in both forms, its header, manual pages and completions.
END
printf 'activate-noawait ldconfig\n' > "$tree/DEBIAN/triggers"
(cd "$tree" && find usr -type f | LC_ALL=C sort | xargs md5sum > DEBIAN/md5sums)
chmod -R u=rwX,go=rX "$tree"
file=$out/ptoc_${version}_$arch.deb
quiet dpkg-deb --root-owner-group --build "$tree" "$file"
echo "$file"
