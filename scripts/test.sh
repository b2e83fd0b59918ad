#!/bin/sh
# Runs the tests of a configuration that is already built. The results stay in artifacts/test-results.
#   test.sh sample [dotnet test options]   samples as stated in each test
#   test.sh full   [dotnet test options]   everything at full size
# FILTER limits it to some tests, in the words of dotnet test: FILTER=FullyQualifiedName~Differential
set -eu
cd "$(dirname "$0")/.."
size=$1
shift
results=artifacts/test-results
rm -rf "$results" artifacts/proof
mkdir -p "$results" artifacts/proof

export PHIGATE_TEST_SIZE="$size"
export PHIGATE_PROOF_DIRECTORY="$PWD/artifacts/proof"
filter=${FILTER:-}
hang=120m
if [ "$size" = sample ]; then
    filter="TestCategory!=Prove${filter:+&($filter)}"
    hang=10m
    # Tests start the program hundreds of times, for seconds: what the compiler counts for a later optimization is never used (2.3 s of CPU for one start, 1.8 s without).
    export DOTNET_TieredPGO=0
fi
# Where they cannot be had, the tests that need them say so.
PHIGATE_REGRESSION_SCRIPTS=${PHIGATE_REGRESSION_SCRIPTS:-$(scripts/regression.sh || true)}
PHIGATE_MARIADB_TESTS=${PHIGATE_MARIADB_TESTS:-$(scripts/mariadb-tests.sh || true)}
export PHIGATE_REGRESSION_SCRIPTS PHIGATE_MARIADB_TESTS

exec dotnet test Proxy.Tests -c "${CONFIGURATION:-Release}" --no-build --nologo ${filter:+--filter "$filter"} \
    --logger "trx;LogFileName=tests.trx" --logger "console;verbosity=minimal" --results-directory "$results" \
    --blame-hang-timeout "$hang" --blame-hang-dump-type none "$@"
