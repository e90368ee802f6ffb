#!/bin/bash
# The table.
cat /app/routes.tab /app/gateways.txt

# One line per route: name, prefix, gateway, options in order.
cat > /tmp/routes.awk <<'AWK'
function bits(mask,  o, i, n, v) { split(mask, o, "."); n = 0; for (i = 1; i <= 4; i++) { v = o[i]; while (v > 0) { n += v % 2; v = int(v / 2) } } return n }
NR == FNR { address[$1] = $2; next }
{ sub(/#.*/, "") }
NF < 3 || $4 ~ /(^|,)disabled(,|$)/ { next }
{ split($2, p, "/"); len = p[2] ~ /\./ ? bits(p[2]) : p[2]
  print $1, 1, "  - name: " $1; print $1, 2, "    to: " p[1] "/" len; print $1, 3, "    via: " address[$3]
  n = split($4, o, ","); for (i = 1; i <= n; i++) { sub(/=/, ": ", o[i]); print $1, 4 o[i], "    " o[i] } }
AWK
awk -f /tmp/routes.awk OFS='\t' /app/gateways.txt /app/routes.tab | LC_ALL=C sort -t "$(printf '\t')" -k1,1 -k2,2 | cut -f 3 > /tmp/routes.txt

# Deliver.
{ echo routes:; cat /tmp/routes.txt; } > /app/routes.yaml
cat /app/routes.yaml
