#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
same_bytes /app/minutes.tar.gz bc92abb4954886cba1a50696dce0413732c66854678db76e7acefb88acd03db5
if out=$(cd /app && sha256sum -c --quiet "$TESTS/minutes.sha256" 2>&1); then ok "the minutes are unpacked"; else fail "minutes missing or wrong: ${out//$'\n'/; }"; fi

verdict
