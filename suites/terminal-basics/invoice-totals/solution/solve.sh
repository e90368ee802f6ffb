#!/bin/bash
# What does it print, what should it?
bash /app/totals.sh /app/invoices.txt
cat -A /app/invoices.txt; cat /app/totals.sh

# No pipe (the sums die with its subshell), read -r, the last line, base ten, quotes.
cat > /app/totals.sh <<'SH'
#!/bin/bash
# usage: totals.sh FILE
declare -A sum
while IFS=';' read -r customer text cents || [ -n "$customer" ]; do
  cents=${cents//[^0-9]/}
  sum[$customer]=$((${sum[$customer]:-0} + 10#${cents:-0}))
done < "$1"
for customer in "${!sum[@]}"; do
  echo "$customer ${sum[$customer]}"
done | LC_ALL=C sort
SH

# Deliver.
bash /app/totals.sh /app/invoices.txt > /app/totals.txt
cat /app/totals.txt
