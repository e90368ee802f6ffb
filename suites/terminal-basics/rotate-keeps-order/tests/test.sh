#!/bin/bash
. "${BASH_SOURCE[0]%/*}/lib.sh"

state() { local f; for f in "$1" "$1".*; do [ -e "$f" ] && printf '%s=%s ' "${f##*/}" "$(cat "$f")"; done; }
have=$(state /app/logs/door.log)
if [ "$have" = 'door.log= door.log.1=door 0 door.log.2=door 1 door.log.3=door 2 door.log.old=not a numbered one ' ]; then ok "door.log was rotated once"; else fail "the logs are: $have"; verdict; fi
t=/tmp/rot.$$; mkdir -p "$t/a b"; cd "$t/a b"
for i in 1 2 3 4 5 6 7 8 9 10 11; do echo "v$i" > "x.log.$i"; done; echo v0 > x.log
timeout 3 bash /app/rotate.sh x.log 11 >/dev/null 2>&1
have=$(state x.log); if [ "$have" = 'x.log= x.log.1=v0 x.log.10=v9 x.log.11=v10 x.log.2=v1 x.log.3=v2 x.log.4=v3 x.log.5=v4 x.log.6=v5 x.log.7=v6 x.log.8=v7 x.log.9=v8 ' ]; then ok "more than ten are kept in order"; else fail "eleven logs became: $have"; fi
mkdir ../c; cd ../c; echo a > y; echo b > y.1; echo d > y.3; echo e > y.7
timeout 3 bash /app/rotate.sh "$t/c/y" 4 >/dev/null 2>&1
have=$(state y); if [ "$have" = 'y= y.1=a y.2=b y.4=d ' ]; then ok "gaps are no harm, and surplus ones go"; else fail "with gaps and KEEP 4: $have"; fi
echo q > z.1; timeout 3 bash /app/rotate.sh z 2 >/dev/null 2>&1; code=$?
have=$(state z); if [ "$have" = 'z.1=q ' ] && ((code == 0)); then ok "without a FILE nothing is rotated"; else fail "without FILE: $have, exit code $code"; fi

verdict
