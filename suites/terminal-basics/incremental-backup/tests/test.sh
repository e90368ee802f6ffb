#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if out=$(cd /app/restored 2>&1 && sha256sum -c --quiet "$TESTS/state.sha256" 2>&1); then ok "all the files of that day are there"; else fail "files missing or of another day: ${out//$'\n'/; }"; fi
n=$(tree /app/restored | wc -l)
if [ "$n" = 5 ]; then ok "and nothing else"; else fail "/app/restored holds $n files, 5 were expected"; fi

verdict
