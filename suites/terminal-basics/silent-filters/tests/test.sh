#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
printf '%s\n' 'old harbour' 'quay street' lighthouse 'the mill' > /tmp/want.$$
same_lines /app/names.clean /tmp/want.$$
printf ' QUEY\nquay  \nHabour quey\n' > /tmp/in.$$
out=$(timeout 3 /app/bin/clean /tmp/in.$$ 2>/dev/null)
if [ "$out" = $'quay\nharbour quay' ]; then ok "all filters act on another file"; else fail "another file becomes: ${out//$'\n'/, }"; fi

verdict
