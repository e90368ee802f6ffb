#!/bin/bash
# What is known to be wrong, and how is it meant?
bash /app/check.sh
cat /app/plan.txt /app/about.txt

# Correct the plan.
sed -i -e 's/^wood:.*/wood:/' -e 's/ papr$/ paper/' -e 's/^dough:.*/dough: flour water yeast/' -e 's/^parcel:.*/parcel: loaf label/' -e '$a milk:' /app/plan.txt
bash /app/check.sh

# Again and again the first step, by alphabet, that has all it needs.
cat > /tmp/order.awk <<'AWK'
{ need[$1] = $2; total++ }
END {
  while (count < total) {
    best = ""
    for (s in need) if (!(s in done)) {
      n = split(need[s], d, " "); ready = 1
      for (i = 1; i <= n; i++) if (!(d[i] in done)) ready = 0
      if (ready && (best == "" || s < best)) best = s
    }
    if (best == "") { print "stuck"; exit 1 }
    print best; done[best] = 1; count++
  }
}
AWK
awk -F ': *' -f /tmp/order.awk /app/plan.txt > /tmp/order.txt && cp /tmp/order.txt /app/order.txt

# Valid?
bash /app/check.sh
cat /app/order.txt
