#!/bin/bash
# What does it print?
cat /app/average.awk
awk -f /app/average.awk /app/levels.txt | head -n 7; head -n 7 /app/levels.txt

# A counter of its own for the values that count; divide by how many there are.
cat > /app/average.awk <<'AWK'
# usage: awk [-v w=WIDTH] -f average.awk FILE
BEGIN { if (w == "") w = 5 }
$2 == "n/a" { next }
{
  v[++n] = $2
  sum = 0
  from = n > w ? n - w + 1 : 1
  for (i = from; i <= n; i++) sum += v[i]
  printf "%d %.2f\n", $1, sum / (n - from + 1)
}
AWK

# Deliver.
awk -f /app/average.awk /app/levels.txt > /app/levels.avg
head -n 7 /app/levels.avg
