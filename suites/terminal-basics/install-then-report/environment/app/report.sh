#!/bin/bash
# report.sh: hours and cost of each month, to /app/report.txt
for f in /app/data/*.csv; do
  month=$(basename "$f" .csv)
  echo "$month hours $(colsum hours "$f" || echo '?') cost $(colsum cost "$f" || echo '?')"
done > /app/report.txt
