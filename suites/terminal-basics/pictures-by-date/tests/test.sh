#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

if out=$(cd /app/album 2>&1 && sha256sum -c --quiet "$TESTS/album.sha256" 2>&1); then ok "all pictures are where they belong"; else fail "pictures missing or misplaced: ${out//$'\n'/; }"; fi
n=$(tree /app/album | wc -l)
if [ "$n" = 17 ]; then ok "and there are no others"; else fail "/app/album has $n files, 17 were expected"; fi
if [ -z "$(tree /app/inbox)" ]; then ok "the inbox is empty"; else fail "the inbox still holds files"; fi

verdict
