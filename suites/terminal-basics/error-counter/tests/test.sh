#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

d=/app/logs
if [ "$(head -n 9 $d/app.log 2>/dev/null | sha256sum)" != "$(sha256sum < "$TESTS/first.txt")" ]; then fail "the log was changed"; verdict; fi
if [ -f /app/stats/follow ]; then ok "the program is there"; else fail "/app/stats/follow does not exist"; verdict; fi
becomes() {
  local i n=
  for ((i = 0; i < 26; i++)); do
    n=; [ -f /app/stats/errors ] && read -r n < /app/stats/errors
    if [ "$n" = "$1" ]; then ok "$2"; return; fi
    sleep 0.05
  done
  fail "$2: not so, /app/stats/errors says '$n'"; verdict
}
becomes 3 "the lines that were there are counted"
printf '%s\n' '12:30:00 ERROR one' '12:30:01 INFO ERROR no' '12:30:02 ERROR two' >> $d/app.log
becomes 5 "new lines are counted"
mv $d/app.log $d/app.log.1; : > $d/app.log
printf '%s\n' '12:31:00 ERROR three' '12:31:05 DEBUG x' >> $d/app.log
becomes 6 "the count goes on after a rotation"
printf '%s\n' '12:31:09 ERROR four' >> $d/app.log
becomes 7 "and goes on"

verdict
