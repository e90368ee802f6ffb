#!/bin/bash
# All files with their checksums, by path in byte order; empty ones left out.
( shopt -s globstar dotglob; cd /app/pool && printf '%s\n' ** | LC_ALL=C sort | while IFS= read -r f; do
  if [ -f "$f" ] && [ -s "$f" ]; then sha256sum "$f"; fi
done ) > /tmp/sums.txt
cut -c 1-64 /tmp/sums.txt | sort | uniq -d | wc -l

# Every later path with a checksum that was seen.
awk '{ s = substr($0, 1, 64); p = substr($0, 67); if (s in first) printf "%s\t%s\n", p, first[s]; else first[s] = p }' /tmp/sums.txt > /tmp/duplicates.txt
cat /tmp/duplicates.txt

# Delete, then deliver the list.
while IFS="$(printf '\t')" read -r gone kept; do rm -- "/app/pool/$gone"; done < /tmp/duplicates.txt
cp /tmp/duplicates.txt /app/duplicates.txt
ls -R /app/pool
