#!/bin/bash
# The rules.
cat /app/conf/README
head -n 20 /app/conf/*.conf /app/conf/services/*

# One program, given the layers in order.
cat > /tmp/flat.awk <<'AWK'
/^[ \t]*#/ || /^[ \t]*$/ { next }
{
  p = index($0, "="); k = substr($0, 1, p - 1); v = substr($0, p + 1)
  gsub(/^[ \t]+|[ \t]+$/, "", k); gsub(/^[ \t]+|[ \t]+$/, "", v)
  if (v == "!unset") delete val[k]
  else if (v ~ /^\+[0-9]+$/) val[k] = val[k] + substr(v, 2)
  else val[k] = v
}
END {
  for (k in val) {
    v = val[k]
    while (match(v, /\$\{[a-z.]+\}/)) { o = substr(v, RSTART + 2, RLENGTH - 3); v = substr(v, 1, RSTART - 1) ((o in val) ? val[o] : "") substr(v, RSTART + RLENGTH) }
    print k "=" v
  }
}
AWK
mkdir -p /tmp/flat
for s in orders stock web; do awk -f /tmp/flat.awk /app/conf/base.conf /app/conf/prod.conf /app/conf/services/$s.conf | LC_ALL=C sort > /tmp/flat/$s.conf; done

# Look, then deliver.
head -n 20 /tmp/flat/*
mkdir -p /app/flat && cp /tmp/flat/*.conf /app/flat/
