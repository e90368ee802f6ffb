#!/bin/bash
# colsum COLUMN FILE: the sum of a named column of a CSV file
awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { s += $c } END { print s + 0 }' "$2"
