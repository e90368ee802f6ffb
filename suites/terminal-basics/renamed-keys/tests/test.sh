#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

if out=$(cd /app/conf 2>&1 && sha256sum -c --quiet "$TESTS/conf.sha256" 2>&1); then ok "all files are as they should be"; else fail "files that are not as they should be: ${out//$'\n'/; }"; fi
n=$(tree /app/conf | wc -l)
if [ "$n" = 6 ]; then ok "no file came or went"; else fail "/app/conf has $n files, there were 6"; fi

verdict
