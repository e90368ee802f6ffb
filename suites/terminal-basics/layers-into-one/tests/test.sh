#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
for s in orders stock web; do same_lines /app/flat/$s.conf "$TESTS/$s.conf"; done
have=$(cd /app/flat 2>/dev/null && printf '%s ' *)
if [ "$have" = 'orders.conf stock.conf web.conf ' ]; then ok "nothing else lies there"; else fail "/app/flat holds: $have"; fi

verdict
