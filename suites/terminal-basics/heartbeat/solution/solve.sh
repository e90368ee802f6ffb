#!/bin/bash
# Where will it live?
ls -l /app/run; cat /app/run/README

# The program: one at a time, renames, counts.
cat > /app/run/beat <<'SH'
#!/bin/bash
cd /app/run || exit 1
if [ -e beat.pid ] && kill -0 "$(cat beat.pid)" 2>/dev/null; then
  echo "beat: already running as $(cat beat.pid)" >&2
  exit 1
fi
echo $$ > beat.pid
n=0
while :; do
  n=$((n + 1))
  echo "beat $n $$" > .heartbeat.new && mv .heartbeat.new heartbeat
  sleep 0.1
done
SH
chmod 755 /app/run/beat

# Leave it running.
nohup /app/run/beat > /dev/null 2>&1 < /dev/null &

# See it move.
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do [ -e /app/run/heartbeat ] && break; sleep 0.05; done
cat /app/run/heartbeat; sleep 0.15; cat /app/run/heartbeat /app/run/beat.pid
