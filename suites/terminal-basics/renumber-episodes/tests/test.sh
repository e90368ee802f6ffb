#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

names() { (cd "$1" 2>/dev/null && find . -mindepth 1 -print0 | sort -z | tr '\0\n' '\n?'); }

if out=$(cd /app && sha256sum -c --quiet "$TESTS/episodes.sha256" 2>&1); then ok "every episode has its number"; else fail "episodes missing or misnumbered: ${out//$'\n'/; }"; fi
n=$(find /app/episodes -mindepth 1 | wc -l)
if [ "$n" = 9 ]; then ok "and nothing else lies there"; else fail "/app/episodes holds: $(names /app/episodes)"; fi
if [ -z "$(names /app/new)" ]; then ok "/app/new is empty"; else fail "/app/new still holds something"; fi

verdict
