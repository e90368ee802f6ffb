#!/bin/bash
# How does it work, and what keeps it from starting?
cat /app/spool/adder
ls -A /app/spool /app/spool/in; cat /app/spool/stop

# Prepare what it needs.
mkdir -p /app/spool/out
rm /app/spool/stop

# Start it detached from this shell.
nohup /app/spool/adder > /app/spool/adder.out 2>&1 < /dev/null &

# Wait (bounded) until it has answered.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e /app/spool/out/tuesday.ans ] && break; sleep 0.05; done
cat /app/spool/out/*.ans
