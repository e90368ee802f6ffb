#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if [ -x /app/bin/colsum ] && [ "$(sha256sum </app/bin/colsum)" = "$(sha256sum </app/tools/colsum.sh)" ]; then ok "colsum is installed in /app/bin"; else fail "/app/bin/colsum is not installed, or is something else"; fi
same_lines /app/report.txt "$TESTS/expected.txt"

verdict
