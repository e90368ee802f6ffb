#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if out=$(timeout 5 bash "$TESTS/check.sh" 2>&1); then ok "the check passes"; else fail "the check says: ${out//$'\n'/; }"; fi
same_lines /app/lang/de.txt "$TESTS/de.txt"
same_lines /app/lang/fr.txt "$TESTS/fr.txt"

verdict
