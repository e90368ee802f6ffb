#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if out=$(timeout 5 bash "$TESTS/check.sh" 2>&1); then ok "the check passes"; else fail "the check says: ${out//$'\n'/; }"; fi
present /app/plan.txt || verdict
plain() { awk -F ': *' '{ print "step", NR, $1; n = split($2, d, " "); for (i = 1; i <= n; i++) print $1, "needs", d[i] }' "$1" | sort; }
if [ "$(plain /app/plan.txt)" = "$(plain "$TESTS/plan.txt")" ]; then ok "the plan is as it is meant"; else fail "the steps of the plan, or what they need, are not as they are meant"; fi
same_lines /app/order.txt "$TESTS/order.txt"

verdict
