#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

names() { (cd "$1" 2>/dev/null && find . -mindepth 1 -print0 | sort -z | tr '\0\n' '\n?'); }

same_lines /app/duplicates.txt "$TESTS/duplicates.txt"
if out=$(cd /app/pool 2>&1 && sha256sum -c --quiet "$TESTS/kept.sha256" 2>&1); then ok "the right files are kept"; else fail "kept files are missing or changed: ${out//$'\n'/; }"; fi
n=$(find /app/pool -type f | wc -l)
if [ "$n" = 9 ]; then ok "the duplicates are gone"; else fail "/app/pool has $n files, 9 were expected"; fi

verdict
