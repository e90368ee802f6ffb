#!/bin/bash
# Layout and records.
cat /app/layout.txt
head -n 3 /app/export.dat | cat -A

# By places.
cat > /tmp/fixed.awk <<'AWK'
BEGIN { print "number,name,date,amount,country" }
{
  name = substr($0, 6, 20); sub(/ +$/, "", name)
  if (name ~ /[",]/) { gsub(/"/, "\"\"", name); name = "\"" name "\"" }
  d = substr($0, 26, 8); date = d == "00000000" ? "" : substr(d, 1, 4) "-" substr(d, 5, 2) "-" substr(d, 7, 2)
  cents = substr($0, 34, 9) + 0
  sign = substr($0, 43, 1) == "-" && cents > 0 ? "-" : ""
  country = substr($0, 44, 2); gsub(/ /, "", country)
  printf "%d,%s,%s,%s%d.%02d,%s\n", substr($0, 1, 5), name, date, sign, int(cents / 100), cents % 100, country
}
AWK
awk -f /tmp/fixed.awk /app/export.dat > /tmp/export.csv

# Deliver.
cp /tmp/export.csv /app/export.csv
head -n 5 /app/export.csv
