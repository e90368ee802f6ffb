#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/book.index "$TESTS/expected.txt"
printf 'One ferry\nand one HARBOUR\nferry ferry\n' > /tmp/text.$$
out=$(PATH=/app/local/bin:$PATH timeout 3 mkindex /tmp/text.$$ 2>&1)
if [ "$out" = $'ferry: 1 3\nharbour: 2' ]; then ok "mkindex indexes another text by words"; else fail "mkindex printed for another text: ${out:0:200}"; fi

verdict
