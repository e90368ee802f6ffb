#!/bin/bash
# The form of a line; agents may have quotes and numbers in them, so count fields from the left.
head -n 3 /app/logs/access.log
awk '{ print $9 }' /app/logs/access.log | sort | uniq -c

# Per path: failed, all, share.
awk '{ p = $7; sub(/\?.*/, "", p); n[p]++; if ($9 >= 500) f[p]++ } END { for (p in f) printf "%s %d/%d %.1f %.9f\n", p, f[p], n[p], 100 * f[p] / n[p], f[p] / n[p] }' /app/logs/access.log > /tmp/paths.txt

# The four worst.
LC_ALL=C sort -k4,4nr -k1,1 /tmp/paths.txt | head -n 4 | cut -d ' ' -f 1-3 > /app/failing.txt
cat /app/failing.txt
