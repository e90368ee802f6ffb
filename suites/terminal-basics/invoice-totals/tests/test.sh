#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
printf '%s\n' 'a\b 5' 'mill 1258' 'north sea 500' 'quay 300' > /tmp/want.$$
same_lines /app/totals.txt /tmp/want.$$
printf 'b c;t;010\nb c;\\;9\n*;u v;0\nb;w;08' > /tmp/in.$$
out=$(cd / && timeout 3 bash /app/totals.sh /tmp/in.$$ 2>&1)
if [ "$out" = $'* 0\nb 8\nb c 19' ]; then ok "another file is added up rightly"; else fail "another file gives: ${out//$'\n'/, }"; fi

verdict
