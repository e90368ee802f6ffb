#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

same_lines /app/duplicates.txt "$TESTS/duplicates.txt"
if out=$(cd /app/pool 2>&1 && sha256sum -c --quiet "$TESTS/kept.sha256" 2>&1); then ok "the right files are kept"; else fail "kept files are missing or changed: ${out//$'\n'/; }"; fi
n=$(tree /app/pool | wc -l)
if [ "$n" = 9 ]; then ok "the duplicates are gone"; else fail "/app/pool has $n files, 9 were expected"; fi

verdict
