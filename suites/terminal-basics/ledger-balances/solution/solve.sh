#!/bin/bash
# What does the check say, and what is a receipt like?
bash /app/check.sh
cat /app/receipts/05.txt; grep '#05' /app/ledger.txt

# What the ledger should say, out of the receipts.
for r in /app/receipts/*.txt; do
  awk -v n="$(basename "$r" .txt)" '{ v[$1] = $2 } END { print v["date"], "#" n, v["to"], v["amount"]; print v["date"], "#" n, v["from"], "-" v["amount"] }' "$r"
done > /tmp/ledger.txt

# Where does it differ? More than the check knew.
comm -3 <(sort /app/ledger.txt) <(sort /tmp/ledger.txt)

# Correct it.
cat /tmp/ledger.txt > /app/ledger.txt
bash /app/check.sh
