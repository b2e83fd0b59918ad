#!/bin/sh
# Puts together PROOF.md from what the last full run recorded.
set -eu
cd "$(dirname "$0")/.."
counters=$(scripts/count.sh artifacts/test-results/tests.trx)
{
    echo "# Proof"
    echo
    echo "Written by \`make prove\` on $(date -u +%Y-%m-%d), $(uname -s) $(uname -m), $(nproc) CPUs, .NET $(dotnet --version), of commit $(git rev-parse --short HEAD)."
    echo "All suites at full size: $counters."
    echo
    echo "| suite | figures |"
    echo "|---|---|"
    cat artifacts/proof/*.md 2>/dev/null | sort
} > PROOF.md
cat PROOF.md
