#!/bin/sh
# Prints "N passed, N failed[, N skipped]" for a test result file (TRX); a missing file is one failure.
set -eu
[ -s "${1:-}" ] || { echo "0 passed, 1 failed"; exit 0; }

counter() { sed -n "s/.*<Counters .*\b$2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1; }

total=$(counter "$1" total)
passed=$(counter "$1" passed)
executed=$(counter "$1" executed)
failed=$((executed - passed))
skipped=$((total - executed))
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
