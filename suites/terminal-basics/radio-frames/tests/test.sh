#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/frames.txt "$TESTS/expected.txt"
if [ ! -x /app/decode ]; then fail "/app/decode is not an executable"; verdict; fi
timeout 3 /app/decode < "$TESTS/other.txt" > /tmp/out.$$ 2>/dev/null
same_lines /tmp/out.$$ "$TESTS/other-expected.txt"

verdict
