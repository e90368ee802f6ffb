#!/bin/bash
# What does it look like?
grep -rnE 'max_conn|timeout|verbose|legacy' /app/conf | cat -A | head -n 40

# Anchored at the beginning of the line, with the blanks kept. Work on a copy first.
cat > /tmp/keys.awk <<'AWK'
{
  if (match($0, /^[ \t]*[a-z_]+[ \t]*=[ \t]*/)) {
    head = substr($0, 1, RLENGTH); value = substr($0, RLENGTH + 1)
    key = head; gsub(/[ \t=]/, "", key)
    tail = ""; if (match(value, /[ \t]+$/)) { tail = substr(value, RSTART); value = substr(value, 1, RSTART - 1) }
    if (key == "legacy_mode") next
    if (key == "max_conn") sub(/max_conn/, "connections.max", head)
    if (key == "timeout") { sub(/timeout/, "timeout_ms", head); value = value * 1000 }
    if (key == "verbose") { sub(/verbose/, "log.level", head); value = value == 0 ? "warning" : value == 1 ? "info" : "debug" }
    $0 = head value tail
  }
  print
}
AWK
cp -R /app/conf /tmp/conf
( shopt -s globstar; for f in /tmp/conf/**/*.cfg; do awk -f /tmp/keys.awk "$f" > /tmp/one && cat /tmp/one > "$f"; done )

# Which lines would change?
( shopt -s globstar; cd /app/conf && for f in **/*.*; do comm -3 --nocheck-order "$f" "/tmp/conf/$f"; done ) | head -n 60

# In place.
( shopt -s globstar; cd /tmp/conf && for f in **/*.cfg; do cat "$f" > "/app/conf/$f"; done )
grep -rnE 'connections.max|timeout_ms|log.level' /app/conf | head -n 5
