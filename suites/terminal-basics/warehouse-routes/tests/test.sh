#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
echo 114989488 > /tmp/want.$$
same_lines /app/hall-count.txt /tmp/want.$$ || verdict
for case in one:1 blocked:0 tall:3 open:1946939425648112; do
  got=$(timeout 1 bash /app/routes.sh "$TESTS/${case%:*}.txt" 2>&1 | head -c 200)
  if [ "$got" = "${case#*:}" ]; then ok "routes.sh is right on the map '${case%:*}'"; else fail "routes.sh printed '$got' on the map '${case%:*}'"; fi
done

verdict
