#!/bin/bash
# See how the files are written.
ls /app/hosts/*
cat /app/hosts/*/db-*.conf | head -n 12

# A program that makes one row out of one file.
cat > /tmp/row.awk <<'AWK'
function flush(  i, line, v) {
  if (!seen) return
  for (i = 1; i <= n; i++) { v = (keys[i] in val) ? val[keys[i]] : ""; if (v == "") v = "-"; line = line (i > 1 ? "\t" : "") v }
  print line
  split("", val)
}
BEGIN { n = split("hostname os cpus memory_mb owner site", keys, " ") }
FNR == 1 { flush(); seen = 1 }
/^[ \t]*#/ { next }
{ p = index($0, "="); if (!p) next; k = substr($0, 1, p - 1); v = substr($0, p + 1)
  gsub(/^[ \t]+|[ \t]+$/, "", k); gsub(/^[ \t]+|[ \t]+$/, "", v); val[k] = v }
END { flush() }
AWK
awk -f /tmp/row.awk /app/hosts/*/*.conf | LC_ALL=C sort > /tmp/rows.tsv

# Deliver with the header.
{ printf 'hostname\tos\tcpus\tmemory_mb\towner\tsite\n'; cat /tmp/rows.tsv; } > /app/inventory.tsv
head -n 4 /app/inventory.tsv
