#!/bin/bash
# What months and items are there?
cut -c 1-7 /app/moves.txt | sort | uniq -c
cut -d ' ' -f 2 /app/moves.txt | sort -u > /tmp/items.txt

# Header, rows, totals; months and items come in sorted.
cut -c 1-7 /app/moves.txt | sort -u > /tmp/months.txt
awk 'FILENAME ~ /months/ { m[++nm] = $1; next } FILENAME ~ /items/ { it[++ni] = $1; next }
{ k = substr($1, 1, 7); s[$2, k] += $3; has[$2, k] = 1; row[$2] += $3; col[k] += $3; all += $3 }
END {
  line = "item"; for (j = 1; j <= nm; j++) line = line " " m[j]; print line " total"
  for (i = 1; i <= ni; i++) { line = it[i]; for (j = 1; j <= nm; j++) line = line " " (((it[i], m[j]) in has) ? s[it[i], m[j]] : "-"); print line " " row[it[i]] }
  line = "total"; for (j = 1; j <= nm; j++) line = line " " col[m[j]]; print line " " all
}' /tmp/months.txt /tmp/items.txt /app/moves.txt > /tmp/table.txt

# Deliver.
cp /tmp/table.txt /app/table.txt
cat /app/table.txt
