#!/bin/bash
# check.sh: validates /app/services/*.ini against /app/hosts.txt. Stops at the first problem.
cd /app/services || exit 2
stop() { echo "check: $*"; exit 1; }
seen=' '
for f in *.ini; do
  for key in name host port user; do
    [ "$(grep -c "^$key=" "$f")" = 1 ] || stop "$f: $key must be given once"
  done
  name=$(sed -n 's/^name=//p' "$f"); host=$(sed -n 's/^host=//p' "$f"); port=$(sed -n 's/^port=//p' "$f")
  [ "$name.ini" = "$f" ] || stop "$f: its name is $name"
  grep -q "^$host " /app/hosts.txt || stop "$f: unknown host $host"
  case $port in ''|*[!0-9]*) stop "$f: port $port is not a number" ;; esac
  if [ "$port" -lt 1024 ] || [ "$port" -gt 49151 ]; then stop "$f: port $port is out of range"; fi
  case $seen in *" $host:$port "*) stop "$f: $host:$port is taken" ;; esac
  seen="$seen$host:$port "
  if grep -q '[[:blank:]]$' "$f"; then stop "$f: blanks at the end of a line"; fi
done
echo "check: all services are valid"
