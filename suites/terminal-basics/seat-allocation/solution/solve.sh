#!/bin/bash
# The rules and the requests.
cat /app/RULES.txt /app/requests.txt

# Work them off.
cat > /tmp/seats.awk <<'AWK'
function fits(row, from, count,  k) { if (from < 1 || from + count > 7) return 0; for (k = from; k < from + count; k++) if ((row, k) in taken) return 0; return 1 }
function place(row, count, wish,  s) {
  if (row < 1 || row > 5) return 0
  if (wish == "window") { if (fits(row, 1, count)) return 1; if (fits(row, 7 - count, count)) return 7 - count; return 0 }
  for (s = 1; s <= 7 - count; s++) if (fits(row, s, count)) return s
  return 0
}
{
  if ($1 in seated) { print $1, "refused twice"; next }
  if ($2 < 1 || $2 > 6) { print $1, "refused bad-count"; next }
  first = 1; last = 5; step = 1
  if ($3 == "back") { first = 5; last = 1; step = -1 }
  if ($3 ~ /^row=/) first = last = substr($3, 5) + 0
  at = 0
  for (row = first; step > 0 ? row <= last : row >= last; row += step) if (at = place(row, $2, $3)) break
  if (!at) { print $1, "refused full"; next }
  line = ""
  for (k = at; k < at + $2; k++) { taken[row, k] = 1; line = line (line == "" ? "" : ",") row substr("ABCDEF", k, 1) }
  seated[$1] = 1; print $1, line
}
AWK
awk -f /tmp/seats.awk /app/requests.txt > /tmp/seats.txt

# Deliver.
cp /tmp/seats.txt /app/seats.txt
cat /app/seats.txt
