#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

same_lines /app/CHANGELOG.md "$TESTS/expected.md"
left=$(cd /app/changes 2>/dev/null && printf '%s ' *)
if [ "$left" = "1000.internal 1018.internal 1107.internal README.txt " ]; then ok "the right fragments are left"; else fail "/app/changes holds: $left"; fi
inputs_untouched

verdict
