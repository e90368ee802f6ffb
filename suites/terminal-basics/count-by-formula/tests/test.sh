#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

echo 2333333333334 > /tmp/want.$$
same_lines /app/answer.txt /tmp/want.$$ || verdict
for case in 1:0 5:0 6:1 10:2 29:6 30:7 31:7 60:14 999999999999989:233333333333330; do
  got=$(timeout 1 bash /app/count.sh "${case%:*}" 2>&1 | head -c 200)
  if [ "$got" = "${case#*:}" ]; then ok "count.sh ${case%:*} is right"; else fail "count.sh ${case%:*} printed '$got' (it has one second)"; fi
done

verdict
