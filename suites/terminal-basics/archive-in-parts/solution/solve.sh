#!/bin/bash
# Which parts are whole?
ls /app/parts /app/mirror
( cd /app/parts && sha256sum -c /app/SHA256SUMS 2>/dev/null ) | grep -v ': OK$'

# For every part, any file that has its checksum.
sha256sum /app/parts/* /app/mirror/* > /tmp/have.txt
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
  sum=$(awk -v n="minutes.tar.gz.$i" '$2 == n { print $1 }' /app/SHA256SUMS)
  awk -v s="$sum" '$1 == s { print $2; exit }' /tmp/have.txt
done > /tmp/parts.txt
cat /tmp/parts.txt

# Together, in this order, and checked.
cat $(cat /tmp/parts.txt) > /app/minutes.tar.gz
( cd /app && grep ' minutes.tar.gz$' SHA256SUMS | sha256sum -c )

# Unpack.
tar -xzf /app/minutes.tar.gz -C /app
ls /app/minutes
