#!/bin/sh
# Prints a directory with PostgreSQL's regression scripts, from the source package of the distribution, which it downloads the first time. They
# are PostgreSQL's and not ours to ship. Uses apt without changing its configuration: the sources come from a copy in artifacts/.
set -eu
cd "$(dirname "$0")/.."
package=postgresql-15
work="$PWD/artifacts/postgresql-source"

find_scripts() { find "$work" -type d -path '*/src/test/regress/sql' 2>/dev/null | head -n 1; }

found=$(find_scripts)
[ -n "$found" ] && { echo "$found"; exit 0; }
command -v apt-get >/dev/null || { echo "PostgreSQL's source package needs apt-get." >&2; exit 1; }
mkdir -p "$work/parts" "$work/lists/partial" "$work/cache/archives/partial"
for list in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/ubuntu.sources /etc/apt/sources.list; do
    [ -s "$list" ] || continue
    sed -e 's/^Types:.*/Types: deb-src/' -e 's/^deb /deb-src /' "$list" >"$work/parts/$(basename "$list")"
done
private="-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=$work/parts -o Dir::State::lists=$work/lists -o Dir::Cache=$work/cache"
# shellcheck disable=SC2086 # a list of options
apt-get $private -qq update >&2
cd "$work"
# The newest version is not always there yet: then the one before.
# shellcheck disable=SC2086
apt-cache $private showsrc "$package" | sed -n 's/^Version: //p' | sort -Vru | while read -r version; do
    apt-get $private -qq source --download-only "$package=$version" >&2 && break
    echo "$package $version is not to be had, which does no harm: the version before it is taken." >&2
done
for archive in ./*.orig.tar.*; do tar xf "$archive" --wildcards '*/src/test/regress/sql/*'; done
found=$(find_scripts)
[ -n "$found" ] && echo "$found"
