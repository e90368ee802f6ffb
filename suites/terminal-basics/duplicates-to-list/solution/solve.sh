#!/bin/bash
# All files with their checksums, by path in byte order; empty ones left out.
( cd /app/pool && find . -type f -size +0 -print0 | LC_ALL=C sort -z | xargs -0 sha256sum ) | sed 's#  \./#  #' > /tmp/sums.txt
cut -c 1-64 /tmp/sums.txt | sort | uniq -d | wc -l

# Every later path with a checksum that was seen.
awk '{ s = substr($0, 1, 64); p = substr($0, 67); if (s in first) printf "%s\t%s\n", p, first[s]; else first[s] = p }' /tmp/sums.txt > /tmp/duplicates.txt
cat /tmp/duplicates.txt

# Delete, then deliver the list.
while IFS="$(printf '\t')" read -r gone kept; do rm -- "/app/pool/$gone"; done < /tmp/duplicates.txt
cp /tmp/duplicates.txt /app/duplicates.txt
find /app/pool -type f | wc -l
