#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

if out=$(cd /app && sha256sum -c --quiet "$TESTS/episodes.sha256" 2>&1); then ok "every episode has its number"; else fail "episodes missing or misnumbered: ${out//$'\n'/; }"; fi
n=$(tree /app/episodes | wc -l)
if [ "$n" = 9 ]; then ok "and nothing else lies there"; else fail "/app/episodes holds: $(tree /app/episodes)"; fi
if [ -z "$(tree /app/new)" ]; then ok "/app/new is empty"; else fail "/app/new still holds something"; fi

verdict
