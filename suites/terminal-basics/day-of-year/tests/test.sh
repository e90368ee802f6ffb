#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

inputs_untouched
printf '%s\n' 1 221 366 60 61 - - - 60 - - - - 251 > /tmp/want.$$
same_lines /app/days.txt /tmp/want.$$
for c in 2026-02-28:59 2028-12-08:343 2100-12-31:365 1600-02-29:60 2999-12-31:365 2026-05-09:129; do
  got=$(timeout 2 bash /app/doy.sh "${c%:*}" 2>/dev/null); code=$?
  if [ "$got" = "${c#*:}" ] && ((code == 0)); then ok "${c%:*}"; else fail "${c%:*} gives '$got', exit code $code"; fi
done
for c in 2100-02-29 3000-01-01 2026-13-01 2026-11-31 2026-1-01 20260101 2026-01-01x ''; do
  got=$(timeout 2 bash /app/doy.sh "$c" 2>/dev/null); code=$?
  if [ -z "$got" ] && ((code == 2)); then ok "'$c' is refused"; else fail "'$c' gives '$got', exit code $code"; fi
done

verdict
