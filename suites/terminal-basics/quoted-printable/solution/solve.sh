#!/bin/bash
# Head and body.
cat -A /app/letter.eml

# The body, its soft breaks joined.
sed '1,/^$/d' /app/letter.eml | awk '{ if (sub(/=$/, "")) { held = held $0; next } print held $0; held = "" } END { if (held != "") printf "%s", held }' > /tmp/joined.txt

# Decode; a backslash in the text is doubled first, so that printf leaves it alone.
sed -E -e 's/\\/\\\\/g' -e 's/=([0-9A-Fa-f]{2})/\\x\1/g' /tmp/joined.txt | while IFS= read -r line; do printf '%b\n' "$line"; done > /tmp/letter.txt

# Deliver.
cat -A /tmp/letter.txt
cp /tmp/letter.txt /app/letter.txt
