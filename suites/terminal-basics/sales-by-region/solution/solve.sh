#!/bin/bash
# Look at what is there.
ls /app/sales | head
head -n 3 /app/stores.csv /app/sales/2026-03-02/s07.csv | tr '\r' '~'

# One clean stream of store and amount in cents, header and void lines left out.
for f in /app/sales/*/*.csv; do
  store=${f##*/}
  tr -d '\r' < "$f" | awk -F, -v s="${store%.csv}" 'NR > 1 && $5 == "ok" { split($4, p, "."); print s "," $3 * (p[1] * 100 + p[2]) }'
done > /tmp/amounts.csv

# Sum by region, highest first.
mkdir -p /app/out
awk -F, 'NR == FNR { region[$1] = $2; next } { r = region[$1]; n[r]++; t[r] += $2 } END { for (r in n) printf "%s,%d,%.2f\n", r, n[r], t[r] / 100 }' /app/stores.csv /tmp/amounts.csv | sort -t, -k3,3nr > /tmp/rows.csv

# Deliver.
{ echo 'region,lines,total'; cat /tmp/rows.csv; } > /app/out/summary.csv
cat /app/out/summary.csv
