#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if out=$(timeout 5 bash "$TESTS/check.sh" 2>&1); then ok "the check passes"; else fail "the check says: ${out//$'\n'/; }"; fi
same_bytes /app/ledger.txt 8194a517f37091e0e7c6cde6040215faa8eaab3780aeac1fff220dae49e05aa4

verdict
