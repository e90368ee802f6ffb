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

if [ -p /app/svc/ask ]; then ok "/app/svc/ask is a named pipe"; else fail "/app/svc/ask is not a named pipe"; verdict; fi
if [ -f /app/svc/serve ]; then ok "the program is there"; else fail "/app/svc/serve does not exist"; fi
d=/tmp/ask.$$; mkdir -p $d
send() { timeout 1 bash -c 'printf "%s\n" "$@" > /app/svc/ask' send "$@" 2>/dev/null; }
token=t$RANDOM
if ! send "$d/1 hello  wide world $token"; then fail "nobody reads from /app/svc/ask: the service is not running"; verdict; fi
upper="HELLO  WIDE WORLD T${token#t}"
if await $d/1 && [ "$(<$d/1)" = "$upper" ]; then ok "a request is answered"; else fail "a request got: '$(head -c 200 $d/1 2>/dev/null)'"; verdict; fi
if send "$d/2 second \n back\slash" && await $d/2 && [ "$(<$d/2)" = 'SECOND \N BACK\SLASH' ]; then ok "a second client is answered"; else fail "a second client got: '$(head -c 200 $d/2 2>/dev/null)'"; verdict; fi
send "$d/3 x" "$d/4 y z" "$d/5 *" || fail "the service stopped listening"
await $d/3 && await $d/4 && await $d/5
if [ "$(cat $d/3 $d/4 $d/5 2>/dev/null)" = $'X\nY Z\n*' ]; then ok "several lines at once are answered"; else fail "several lines at once got: '$(cat $d/3 $d/4 $d/5 2>/dev/null | head -c 200)'"; fi

verdict
