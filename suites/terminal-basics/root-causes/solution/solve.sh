#!/bin/bash
# How do entries look?
grep -n -m 2 -A 6 ' ERROR ' /app/app.log

# One line per error: its root cause and its time.
awk 'function flush() { if (cause != "") print cause, stamp; cause = "" }
/^[0-9][0-9][0-9][0-9]-/ { flush(); if ($2 == "ERROR") { stamp = $1; cause = $3; sub(/:.*/, "", cause) } next }
/^Caused by: / && cause != "" { cause = $3; sub(/:.*/, "", cause) }
END { flush() }' /app/app.log > /tmp/causes.txt

# Count them, remember the first.
awk '{ n[$1]++; if (!($1 in first)) first[$1] = $2 } END { for (c in n) print n[c], c, first[c] }' /tmp/causes.txt | sort -k1,1nr -k2,2 > /app/causes.txt
cat /app/causes.txt
