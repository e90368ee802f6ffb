#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_bytes /app/members.csv 9d52a50138e60f342492334fd806b4c4b69348b7310927c443d2090d4fabf3e7
out=$(timeout 5 bash "$TESTS/check.sh" 2>&1) || fail "the check says: ${out//$'\n'/; }"

verdict
