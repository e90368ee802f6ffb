#!/bin/bash
# check.sh: validates /app/plan.txt (STEP: what it needs) and then whether /app/order.txt is an order to work in.
cd /app || exit 2
awk -F ': *' '
  { if ($1 in need) { print "step " $1 " is there twice"; bad++ } need[$1] = $2 }
  END {
    for (s in need) { split("", once); n = split(need[s], d, " ")
      for (i = 1; i <= n; i++) {
        if (!(d[i] in need)) { print s " needs " d[i] ", which is no step"; bad++ }
        if (d[i] == s) { print s " needs itself"; bad++ }
        if (d[i] in once) { print s " needs " d[i] " twice"; bad++ }
        once[d[i]] = 1
      } }
    if (bad) { print "plan.txt is not valid"; exit 1 }
  }' plan.txt || exit 1
[ -f order.txt ] || { echo "there is no order.txt"; exit 1; }
awk -F ': *' '
  NR == FNR { need[$1] = $2; total++; next }
  { if (!($1 in need)) { print "order: " $1 " is no step"; exit bad = 1 }
    n = split(need[$1], d, " "); for (i = 1; i <= n; i++) if (!(d[i] in done)) { print "order: " $1 " comes before " d[i]; exit bad = 1 }
    if ($1 in done) { print "order: " $1 " comes twice"; exit bad = 1 }
    done[$1] = 1; have++ }
  END { if (bad) exit 1; if (have != total) { print "order: " have " of " total " steps"; exit 1 } print "plan and order are valid" }' plan.txt order.txt
