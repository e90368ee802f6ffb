#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_lines /app/levels.avg "$TESTS/expected.txt"
printf '1 10\n2 n/a\n7 20\n8 -5\n9 1\n' > /tmp/in.$$
out=$(timeout 3 awk -v w=2 -f /app/average.awk /tmp/in.$$ 2>&1)
if [ "$out" = $'1 10.00\n7 15.00\n8 7.50\n9 -2.00' ]; then ok "a window of 2"; else fail "a window of 2 gives: ${out//$'\n'/, }"; fi
out=$(timeout 3 awk -v w=1 -f /app/average.awk /tmp/in.$$ 2>&1)
if [ "$out" = $'1 10.00\n7 20.00\n8 -5.00\n9 1.00' ]; then ok "a window of 1"; else fail "a window of 1 gives: ${out//$'\n'/, }"; fi
out=$(timeout 3 awk -f /app/average.awk /tmp/in.$$ 2>&1)
if [ "$out" = $'1 10.00\n7 15.00\n8 8.33\n9 6.50' ]; then ok "the default window"; else fail "the default window gives: ${out//$'\n'/, }"; fi

verdict
