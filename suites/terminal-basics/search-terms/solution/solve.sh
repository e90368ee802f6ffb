#!/bin/bash
# What is in there?
cat /app/requests.txt

# The raw values of the first q.
sed -n 's/^\/search?\([^#]*\).*/\1/p' /app/requests.txt | awk -F '&' '{ for (i = 1; i <= NF; i++) if (substr($i, 1, 2) == "q=") { print substr($i, 3); next } }' | grep -v '%00' > /tmp/raw.txt
cat /tmp/raw.txt

# Decode: backslashes are protected, plus signs become blanks, valid %XX become \xXX for printf.
while IFS= read -r v; do
  v=${v//\\/\\\\}; v=${v//+/ }
  v=$(sed -E 's/%([0-9A-Fa-f]{2})/\\x\1/g' <<< "$v")
  printf '%b\n' "$v"
done < /tmp/raw.txt > /tmp/terms.txt

# Deliver.
cat -A /tmp/terms.txt
cp /tmp/terms.txt /app/terms.txt
