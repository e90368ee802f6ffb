#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
if out=$(cd /app/data && sha256sum -c --quiet "$TESTS/data.sha256" 2>&1); then ok "/app/data is whole"; else fail "/app/data is not whole: ${out//$'\n'/; }"; fi
if out=$(cd /app/damaged 2>&1 && sha256sum -c --quiet "$TESTS/damaged.sha256" 2>&1); then ok "the damaged files are kept"; else fail "damaged files are not kept: ${out//$'\n'/; }"; fi
shopt -s nullglob dotglob
extra=(/app/data/* /app/damaged/*)
if ((${#extra[@]} == 8)); then ok "nothing else lies there"; else fail "/app/data and /app/damaged together hold ${#extra[@]} entries"; fi

verdict
