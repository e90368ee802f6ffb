#!/bin/bash
# check.sh: does the ledger balance? Lists what is wrong; exit code 0 when nothing is.
awk '
  NF != 4 { print "line " NR ": four fields expected"; bad++; next }
  $3 !~ /^(cash|bank|rent|sales|wages|goods)$/ { print "line " NR ": no account " $3; bad++ }
  $1 < last { print "line " NR ": out of order"; bad++ }
  { last = $1; sum[$2] += $4; n[$2]++ }
  END {
    for (r in sum) { if (sum[r] != 0) { print "receipt " r " does not balance: " sum[r]; bad++ } if (n[r] != 2) { print "receipt " r " has " n[r] " lines"; bad++ } }
    print bad + 0 " problems"; exit bad > 0
  }' /app/ledger.txt
