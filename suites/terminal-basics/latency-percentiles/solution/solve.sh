#!/bin/bash
# A look at the lines and units.
head -n 4 /app/requests.log
grep -o 'took=[^ ]*' /app/requests.log | sed 's/[0-9.]//g' | sort | uniq -c

# Endpoint and milliseconds of the good ones, in order.
awk '{ split("", f); for (i = 1; i <= NF; i++) { p = index($i, "="); f[substr($i, 1, p - 1)] = substr($i, p + 1) }
  if (f["status"] != "ok") next
  t = f["took"]; if (t ~ /ms$/) ms = t + 0; else ms = int((t + 0) * 1000 + 0.5)
  print f["endpoint"], ms }' /app/requests.log | sort -k1,1 -k2,2n > /tmp/took.txt

# Nearest rank.
awk 'function rank(p) { return int((p * n + 99) / 100) }
function flush() { if (n) printf "%s,%d,%d,%d,%d\n", e, n, v[rank(50)], v[rank(95)], v[rank(99)]; n = 0 }
$1 != e { flush(); e = $1 } { v[++n] = $2 } END { flush() }' /tmp/took.txt > /tmp/rows.csv

# Deliver.
{ echo 'endpoint,requests,p50,p95,p99'; cat /tmp/rows.csv; } > /app/latency.csv
cat /app/latency.csv
