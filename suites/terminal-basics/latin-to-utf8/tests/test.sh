#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

if out=$(cd /app && sha256sum -c --quiet "$TESTS/final.sha256" 2>&1); then ok "all letters are in UTF-8"; else fail "letters that are not right: ${out//$'\n'/; }"; fi
printf '%s\n' one.txt two.txt > /tmp/want.$$
same_lines /app/converted.txt /tmp/want.$$

verdict
