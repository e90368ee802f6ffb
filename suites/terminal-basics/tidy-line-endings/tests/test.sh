#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

if out=$(cd /app && sha256sum -c --quiet "$TESTS/final.sha256" 2>&1); then ok "all files are in form"; else fail "files that are not as they should be: ${out//$'\n'/; }"; fi
n=$(tree /app/notes | wc -l)
if [ "$n" = 10 ]; then ok "no file came or went"; else fail "/app/notes has $n files, there were 10"; fi

verdict
