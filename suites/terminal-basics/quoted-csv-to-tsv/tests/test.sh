#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/stock.tsv "$TESTS/expected.tsv"
if [ ! -x /app/csv2tsv ]; then fail "/app/csv2tsv is not an executable"; verdict; fi
timeout 3 /app/csv2tsv < "$TESTS/other.csv" > /tmp/out.$$ 2>/dev/null
same_lines /tmp/out.$$ "$TESTS/other.tsv"

verdict
