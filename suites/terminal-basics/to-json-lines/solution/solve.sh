#!/bin/bash
# The bytes.
cat -A /app/items.dat

# Escape the backslash first, then the rest.
cat > /tmp/json.awk <<'AWK'
function str(s) {
  gsub(/\\/, "\\\\&", s); gsub(/"/, "\\\"", s); gsub(/\t/, "\\t", s); gsub(/\007/, "\\u0007", s)
  return "\"" s "\""
}
BEGIN { FS = "\037" }
{
  amount = $3 == "" ? "null" : ($3 ~ /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/ ? $3 : str($3))
  printf "{\"key\":%s,\"text\":%s,\"amount\":%s,\"active\":%s}\n", str($1), str($2), amount, $4
}
AWK
LC_ALL=C awk -f /tmp/json.awk /app/items.dat > /tmp/items.jsonl
cat /tmp/items.jsonl

# Deliver.
cp /tmp/items.jsonl /app/items.jsonl
