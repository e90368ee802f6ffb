#!/bin/bash
# The four logs.
head -n 3 /app/logs/*.log
cut -d ' ' -f 3 /app/logs/*.log | sort | uniq -c

# Everything about a request, one line per service and event, in the order of the services.
for s in 1:gateway 2:orders 3:stock 4:billing; do
  awk -v n="${s%%:*}" -v s="${s#*:}" '{ print $2, n, s, $3 }' "/app/logs/${s#*:}.log"
done > /tmp/events.txt

# Failed: a begin without an end; where: the last service with a begin.
awk '$4 == "begin" { b[$1, $3] = 1; if ($2 > far[$1]) { far[$1] = $2; where[$1] = $3 } open[$1]++ }
$4 == "end" { open[$1]-- } $4 == "error" { e[$1, $3] = 1 }
END { for (r in where) if (open[r] > 0) print r, where[r], ((r, where[r]) in e) ? "error" : "silent" }' /tmp/events.txt | LC_ALL=C sort > /app/failed.txt
wc -l /app/failed.txt; head -n 3 /app/failed.txt
