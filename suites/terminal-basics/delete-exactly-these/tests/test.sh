#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
have=$(tree /app/yard)
if [ "$have" = "$(<"$TESTS/left.txt")" ]; then ok "exactly the listed files are gone"; else fail "/app/yard holds: ${have//$'\n'/ }"; fi
echo 8 > /tmp/want.$$
same_lines /app/deleted.txt /tmp/want.$$

verdict
