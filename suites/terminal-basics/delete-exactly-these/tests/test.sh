#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

names() { (cd "$1" 2>/dev/null && find . -mindepth 1 -print0 | sort -z | tr '\0\n' '\n?'); }

inputs_untouched
have=$(names /app/yard)
if [ "$have" = "$(<"$TESTS/left.txt")" ]; then ok "exactly the listed files are gone"; else fail "/app/yard holds: ${have//$'\n'/ }"; fi
echo 8 > /tmp/want.$$
same_lines /app/deleted.txt /tmp/want.$$

verdict
