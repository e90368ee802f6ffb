#!/bin/bash
# Look at a few hours, and at what the values can be.
head -n 5 /app/readings/hour-0.txt /app/readings/hour-13.txt
cat /app/readings/*.txt | grep -vE ' -?[0-9.]+ [CF]$' | sort | uniq -c

# Everything in Celsius.
cat /app/readings/*.txt | awk '$2 ~ /^-?[0-9]+(\.[0-9]+)?$/ { v = $2; if ($3 == "F") v = (v - 32) * 5 / 9; print $1, v }' > /tmp/celsius.txt

# The digest.
awk '{ s = $1; v = $2 + 0; if (!(s in n) || v < lo[s]) lo[s] = v; if (!(s in n) || v > hi[s]) hi[s] = v; n[s]++; t[s] += v } END { for (s in n) printf "%s,%d,%.2f,%.2f,%.2f\n", s, n[s], lo[s], hi[s], t[s] / n[s] }' /tmp/celsius.txt | sort > /tmp/rows.csv

# Deliver.
{ echo 'sensor,readings,min,max,mean'; cat /tmp/rows.csv; } > /app/digest.csv
cat /app/digest.csv
