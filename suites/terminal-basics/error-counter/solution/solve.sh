#!/bin/bash
# What does the log look like?
head -n 7 /app/logs/app.log

# Where the log was replaced, the rest of the old file is counted first; then the new one from its start.
mkdir -p /app/stats
cat > /app/stats/follow <<'SH'
#!/bin/bash
log=/app/logs/app.log
total=0
publish() { echo "$total" > /app/stats/.errors && mv /app/stats/.errors /app/stats/errors; }
drain() { while IFS= read -r line <&3; do read -r _ level _ <<< "$line"; if [ "$level" = ERROR ]; then total=$((total + 1)); fi; done; }
exec 3< "$log"
while :; do
  before=$total
  drain
  if ! [ "$log" -ef /dev/fd/3 ] && [ -e "$log" ]; then drain; exec 3< "$log"; drain; fi
  if [ "$total" != "$before" ] || [ ! -e /app/stats/errors ]; then publish; fi
  sleep 0.05
done
SH
chmod 755 /app/stats/follow

# Leave it running.
nohup /app/stats/follow > /app/stats/follow.out 2>&1 < /dev/null &

# It should have counted what is there.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e /app/stats/errors ] && break; sleep 0.05; done
cat /app/stats/errors /app/stats/follow.out
