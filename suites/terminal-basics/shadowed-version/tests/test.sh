#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if out=$(sha256sum -c --quiet "$TESTS/out.sha256" 2>&1); then ok "all four lists are as version 2 writes them"; else fail "lists missing or not as version 2 writes them: ${out//$'\n'/; }"; fi

verdict
