#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/summary.txt "$TESTS/expected.txt"
cp /app/summary.txt /tmp/keep.$$ 2>/dev/null
timeout 3 /app/bin/summary >/dev/null 2>&1
same_lines /app/summary.txt "$TESTS/expected.txt"
cp /tmp/keep.$$ /app/summary.txt 2>/dev/null

verdict
