#!/bin/bash
# What does it compute, out of how much?
cat /app/report.sh
wc -l /app/data/*; head -n 2 /app/data/*

# One pass over each file instead.
awk -F ';' 'NR == FNR { name[$1] = $2; next } { q[$2] += $3 } END { for (p in q) print p ";" ((p in name) ? name[p] : "UNKNOWN") ";" q[p] }' /app/data/products.txt /app/data/orders.txt > /tmp/rows.txt

# In the script's order: by number.
sort -t ';' -k1,1n /tmp/rows.txt > /app/report.txt
grep -c UNKNOWN /app/report.txt; head -n 3 /app/report.txt
