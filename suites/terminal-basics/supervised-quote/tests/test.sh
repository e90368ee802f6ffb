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
if [ ! -d /app/quote/in ]; then fail "/app/quote/in does not exist: the service never ran"; verdict; fi
ask() {
  echo "$1" > "/app/quote/.q$2" && mv "/app/quote/.q$2" "/app/quote/in/q$2"
  await "/app/quote/out/q$2" && answer=$(cat "/app/quote/out/q$2")
}
base=$RANDOM; n=0
for item in rope:55 apple:12 candle:8 none:unknown bread:31; do
  n=$((n + 1)); answer=
  if ask "${item%:*}" $base.$n && [ "$answer" = "${item#*:}" ]; then ok "question $n is answered"; else fail "question $n was not answered: '$answer'"; verdict; fi
done
pid=$(cat /app/quote/quote.pid 2>/dev/null)
if [[ $pid =~ ^[0-9]+$ ]]; then kill -9 "$pid" 2>/dev/null; fi
if ask apple $base.9 && [ "$answer" = 12 ]; then ok "it is back after being killed"; else fail "it did not come back after being killed"; fi
if [ -f /app/quote/supervise ]; then ok "the supervisor is kept"; else fail "/app/quote/supervise does not exist"; fi

verdict
