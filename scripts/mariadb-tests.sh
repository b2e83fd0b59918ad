#!/bin/sh
# Prints a directory with the scripts of MariaDB's test suite, from a package of the distribution, which it downloads the first time and does not
# install. They are MariaDB's and not ours to ship.
set -eu
cd "$(dirname "$0")/.."
package=mariadb-test-data
work="$PWD/artifacts/mariadb-tests"
scripts="$work/usr/share/mysql/mysql-test/main"

[ -d "$scripts" ] && { echo "$scripts"; exit 0; }
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "MariaDB's tests need apt-get." >&2; exit 1; }
mkdir -p "$work"
cd "$work"
apt-get -qq download "$package" >&2
for archive in ./"$package"_*.deb; do dpkg-deb --fsys-tarfile "$archive" | tar x --wildcards './usr/share/mysql/mysql-test/main/*.test'; done
rm -f ./"$package"_*.deb
[ -d "$scripts" ] && echo "$scripts"
