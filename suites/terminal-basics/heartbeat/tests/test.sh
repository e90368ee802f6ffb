#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

pid=
[ -f /app/run/beat.pid ] && read -r pid < /app/run/beat.pid
if [[ $pid =~ ^[0-9]+$ ]] && kill -0 "$pid" 2>/dev/null; then ok "beat.pid names a running process"; else fail "beat.pid does not name a running process"; verdict; fi
shape='^beat [0-9]+ '"$pid"'$'
look() { line=; [ -f /app/run/heartbeat ] && read -r line < /app/run/heartbeat; [[ $line =~ $shape ]]; }
if look; then n=${line#beat }; first=${n%% *}; ok "the heartbeat has the right form"; else fail "the heartbeat reads: '$line'"; verdict; fi
moved=0
for ((i = 0; i < 60 && moved < 2; i++)); do
  sleep 0.03
  if ! look; then fail "a broken heartbeat was seen: '$line'"; verdict; fi
  n=${line#beat }; n=${n%% *}
  if ((n < first)); then fail "the count went back"; verdict; fi
  moved=$((n - first))
done
if ((moved >= 2)); then ok "the heart beats"; else fail "the heartbeat does not move (or not twice a second)"; verdict; fi
timeout 1 bash -c '/app/run/beat' > /dev/null 2>&1 < /dev/null
if (($? == 1)); then ok "a second start is refused"; else fail "a second start does not end with exit code 1 at once"; fi
read -r now < /app/run/beat.pid
if [ "$now" = "$pid" ] && kill -0 "$pid" 2>/dev/null && look; then ok "the first one goes on"; else fail "the second start disturbed the first"; fi

verdict
