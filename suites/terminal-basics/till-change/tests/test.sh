#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
printf '%s\n' 4 5337808 486720 1 38835 > /tmp/want.$$
same_lines /app/answers.txt /tmp/want.$$ || verdict
while read -r want args; do
  got=$(timeout 1 bash /app/till $args 2>&1 | head -c 200)
  if [ "$got" = "$want" ]; then ok "till $args is right"; else fail "till $args printed '$got'"; fi
done <<'CASES'
0 7 3 8
13347327 650 50 20 10 5 2 1
1 81 9
CASES

verdict
