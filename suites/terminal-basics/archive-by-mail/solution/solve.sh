#!/bin/bash
# Which mail has which part, sent when?
grep -H -E '^(Date|Subject):' /app/mail/*.eml

# One file per part; mails in order of their day, so that a later one replaces an earlier one.
mkdir -p /tmp/parts
for f in $(grep -H '^Date:' /app/mail/*.eml | sed -E 's/^([^:]+):Date: [A-Z][a-z]+, ([0-9]+) .*/\2 \1/' | sort -n | cut -d ' ' -f 2); do
  n=$(grep -oE '^-----BEGIN PART [0-9]+' "$f" | grep -oE '[0-9]+$')
  tr -d '\r' < "$f" | sed -n "/^-----BEGIN PART $n-----/,/^-----END PART $n-----/p" | grep -v '^-----' > "/tmp/parts/$n"
done
wc -l /tmp/parts/*

# Together, decoded, tested.
cat /tmp/parts/1 /tmp/parts/2 /tmp/parts/3 /tmp/parts/4 /tmp/parts/5 | base64 -d > /tmp/plan.tar.gz
gzip -t /tmp/plan.tar.gz && cp /tmp/plan.tar.gz /app/plan.tar.gz

# Unpack.
tar -xzf /app/plan.tar.gz -C /app
ls -l /app/plan
