#!/bin/sh
# Puts together PROOF.md from what the last full run recorded.
set -eu
cd "$(dirname "$0")/.."
results=artifacts/test-results/tests.trx
counters=$(scripts/count.sh "$results")
failed=$(sed -n 's/.*<UnitTestResult .*testName="\([^"]*\)".*outcome="Failed".*/- \1/p' "$results" 2>/dev/null | sort)
{
    echo "# Proof"
    echo
    echo "Written by \`make prove\` on $(date -u +%Y-%m-%d), $(uname -s) $(uname -m), $(nproc) CPUs, .NET $(dotnet --version), of commit $(git rev-parse --short HEAD)."
    echo "All suites at full size: $counters."
    [ -z "$failed" ] || printf '\nFailed:\n\n%s\n' "$failed"
    echo
    echo "| suite | figures |"
    echo "|---|---|"
    cat artifacts/proof/*.md 2>/dev/null | sort
} > PROOF.md
cat PROOF.md
