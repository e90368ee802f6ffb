#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
d=/tmp/chamber.$$; mkdir -p $d; echo 'mid shut shut quiet' > $d/state; : > $d/journal; : > $d/boats
mapfile -n 200 -t journal < /app/chamber/journal 2>/dev/null
if [ "${journal[*]:0:4}" = 'drain drain open-lower fill' ]; then ok "the journal begins as before"; else fail "the beginning of the journal was changed"; verdict; fi
rested=0
for c in "${journal[@]}"; do
  LOCK_DIR=$d timeout 1 bash "$TESTS/lock" "$c" > /dev/null 2>&1
  read -r _ _ _ alarm < $d/state
  if [ "$alarm" = quiet ] && [ "$c" = acknowledge ]; then rested=1; fi
  if ((rested)) && [ "$alarm" = tripped ]; then fail "the alarm was tripped again by $c"; verdict; fi
done
if [ "$(cat /app/chamber/state 2>/dev/null)" = 'high shut shut quiet' ]; then ok "the chamber is in the state that was asked for"; else fail "the chamber's state is: $(head -c 100 /app/chamber/state 2>/dev/null)"; fi
if [ "$(cat $d/state)" = "$(cat /app/chamber/state 2>/dev/null)" ]; then ok "the journal leads to this state"; else fail "played back, the journal leads to: $(cat $d/state)"; fi
if [ "$(cat $d/boats)" = $'boat-in-from-below\nboat-out-above' ] && [ "$(cat /app/chamber/boats 2>/dev/null)" = "$(cat $d/boats)" ]; then ok "one boat went up"; else fail "boats: $(tr '\n' ' ' < $d/boats)"; fi

verdict
