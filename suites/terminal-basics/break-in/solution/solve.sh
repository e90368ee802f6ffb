#!/bin/bash
# Which kinds of lines are there?
sed -E 's/[0-9]+/N/g' /app/logs/auth.log | cut -d ' ' -f 5-10 | sort | uniq -c | sort -nr | head

# Seconds, address, user and kind of each attempt.
awk '/ sshd\[[0-9]+\]: (Failed|Accepted) password for / {
  split($3, c, ":"); s = c[1] * 3600 + c[2] * 60 + c[3]
  for (i = 6; i < NF; i++) if ($i == "from") { ip = $(i + 1); user = $(i - 1) }
  print s, $3, ip, user, $6 }' /app/logs/auth.log > /tmp/attempts.txt
head -n 3 /tmp/attempts.txt

# Five failures in 60 seconds, then a success within 600.
awk '$5 == "Failed" { n[$3]++; t[$3, n[$3]] = $1; if (n[$3] >= 5 && $1 - t[$3, n[$3] - 4] <= 60) hit[$3] = $1 }
$5 == "Accepted" && ($3 in hit) && $1 - hit[$3] <= 600 && !($3 in told) { told[$3] = 1; print $2, $3, $4 }' /tmp/attempts.txt > /app/suspects.txt
cat /app/suspects.txt
