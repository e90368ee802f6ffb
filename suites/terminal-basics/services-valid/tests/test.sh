#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if out=$(timeout 5 bash "$TESTS/check.sh" 2>&1); then ok "the check passes"; else fail "${out:0:200}"; fi
if out=$(sha256sum -c --quiet "$TESTS/services.sha256" 2>&1); then ok "every service is as planned"; else fail "services that are not as they should be: ${out//$'\n'/; }"; fi

verdict
