#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

# await FILE: waits up to 2 seconds for a file that is not empty.
await() {
  local i
  for ((i = 0; i < 40; i++)); do
    if [ -s "$1" ]; then return 0; fi
    sleep 0.05
  done
  return 1
}

inputs_untouched
if [ "$(cat /app/spool/out/monday.ans 2>/dev/null)" = 15 ] && [ "$(cat /app/spool/out/tuesday.ans 2>/dev/null)" = 7 ]; then ok "the waiting requests are answered"; else fail "the waiting requests are not answered"; verdict; fi
if ! mkdir -p /app/spool/in 2>/dev/null; then fail "/app/spool/in is not a folder"; verdict; fi
n=$((RANDOM % 900 + 100))
printf '%s\n' "$n" 1000 > /app/spool/.probe && mv /app/spool/.probe "/app/spool/in/probe$n.req"
if await "/app/spool/out/probe$n.ans" && [ "$(cat "/app/spool/out/probe$n.ans")" = $((n + 1000)) ]; then ok "a new request is answered"; else fail "a new request is not answered: the service is not running"; fi

verdict
