#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

names() { (cd "$1" 2>/dev/null && find . -mindepth 1 -print0 | sort -z | tr '\0\n' '\n?'); }

inputs_untouched
have=$(names /app/clean)
if [ "$have" = "$(<"$TESTS/names.txt")" ]; then ok "all names are plain"; else fail "/app/clean holds: ${have//$'\n'/ }"; fi
if out=$(cd /app/clean 2>&1 && sha256sum -c --quiet "$TESTS/files.sha256" 2>&1); then ok "every file has the right name"; else fail "names and contents do not fit: ${out//$'\n'/; }"; fi

verdict
