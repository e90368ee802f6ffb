#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

if out=$(sha256sum -c --quiet "$TESTS/final.sha256" 2>&1); then ok "every song is where it belongs"; else fail "songs missing or wrong: ${out//$'\n'/; }"; fi
shopt -s nullglob dotglob
for want in library:10 superseded:3 incoming:2; do
  have=(/app/"${want%:*}"/*)
  if ((${#have[@]} == ${want#*:})); then ok "/app/${want%:*} has ${#have[@]} songs"; else fail "/app/${want%:*} has ${#have[@]} entries"; fi
done

verdict
