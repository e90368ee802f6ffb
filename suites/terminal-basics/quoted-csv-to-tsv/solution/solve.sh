#!/bin/bash
# Which oddities are there?
cat -A /app/stock.csv

# Records may go over several lines: a record is complete when its quotes are even. Then character by character.
cat > /app/csv2tsv <<'SH'
#!/bin/bash
LC_ALL=C exec awk '
function put(c) { if (c == "\t") c = "\\t"; else if (c == "\n") c = "\\n"; else if (c == "\\") c = "\\\\"; out = out c }
{
  record = open ? record "\n" $0 : $0
  line = $0; quotes += gsub(/"/, "", line)
  open = quotes % 2
  if (open) next
  out = ""; quoted = 0; n = length(record)
  for (i = 1; i <= n; i++) {
    c = substr(record, i, 1)
    if (quoted) {
      if (c != "\"") put(c)
      else if (substr(record, i + 1, 1) == "\"") { put(c); i++ }
      else quoted = 0
    } else if (c == "\"") quoted = 1
    else if (c == ",") out = out "\t"
    else put(c)
  }
  print out; quotes = 0
}'
SH
chmod 755 /app/csv2tsv

# Deliver.
/app/csv2tsv < /app/stock.csv > /app/stock.tsv
cat -A /app/stock.tsv
