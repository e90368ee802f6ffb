#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
have=$(tree /app/clean)
if [ "$have" = "$(<"$TESTS/names.txt")" ]; then ok "all names are plain"; else fail "/app/clean holds: ${have//$'\n'/ }"; fi
if out=$(cd /app/clean 2>&1 && sha256sum -c --quiet "$TESTS/files.sha256" 2>&1); then ok "every file has the right name"; else fail "names and contents do not fit: ${out//$'\n'/; }"; fi

verdict
