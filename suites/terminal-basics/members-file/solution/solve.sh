#!/bin/bash
# All the problems at once.
bash /app/check.sh
cat /app/check.sh

# Bring every column into its form; drop the empty line; then order, each member once.
cat > /tmp/mend.awk <<'AWK'
BEGIN { FS = OFS = ";" }
NR == 1 || /^$/ { next }
{ $1 = toupper($1); gsub(/^ +| +$/, "", $2) }
$3 ~ /\./ { split($3, d, "."); $3 = d[3] "-" d[2] "-" d[1] }
$4 ~ /[.,]/ { gsub(/[.,]/, "", $4); sub(/^0+/, "", $4) }
{ print }
AWK
awk -f /tmp/mend.awk /app/members.csv | sort -u > /tmp/members.body

# Check the result before it takes the place of the old file.
{ echo 'id;name;date;cents'; cat /tmp/members.body; } > /tmp/members.csv
bash /app/check.sh /tmp/members.csv

cp /tmp/members.csv /app/members.csv
bash /app/check.sh
