#!/bin/bash
# What does it need?
cat /app/bin/by-colour
head -n 3 /app/colours.txt /app/quantities.txt
join /app/colours.txt /app/quantities.txt 2>&1 | tail -n 2

# Order both as join expects it: as text, on the first column, in the same locale.
export LC_ALL=C
sort -k1,1 /app/colours.txt > /tmp/colours.sorted
sort -k1,1 /app/quantities.txt > /tmp/quantities.sorted
join --check-order /tmp/colours.sorted /tmp/quantities.sorted | wc -l

# The result.
LC_ALL=C /app/bin/by-colour /tmp/colours.sorted /tmp/quantities.sorted > /app/by-colour.txt
cat /app/by-colour.txt
