#!/bin/sh
# Runs an attack corpus under both shipped policies and in both protocols, if the corpus is there: strict must not leak, lookup only what
# policies/lookup/inference.txt names.
#   leaks.sh CORPUS [ONLY]
set -eu
corpus=$1
only=${2:-}
if [ ! -d "$corpus" ]; then
    echo "No attack corpus in $corpus: the project's own cases have run."
    exit 0
fi
bench="$(dirname "$0")/../bench/bin/${CONFIGURATION:-Release}/net10.0/bench.dll"
status=0
for engine in pg mysql; do
    echo "== $engine"
    dotnet "$bench" leaks --accept-named "$corpus" "$engine" strict,lookup "$only" || status=$?
done
exit $status
