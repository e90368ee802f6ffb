#!/bin/bash
# What meets what?
grep -H '^revision' /app/library/*.txt /app/incoming/*.txt

# Decide for each incoming song; compare revisions as numbers.
mkdir -p /app/superseded
for f in /app/incoming/*.txt; do
  name=${f##*/}; name=${name%.txt}; have=/app/library/$name.txt
  new=$(sed -n 's/^revision: //p' "$f")
  if [ ! -e "$have" ]; then mv "$f" "$have"; continue; fi
  old=$(sed -n 's/^revision: //p' "$have")
  if [ "$new" -gt "$old" ]; then echo "$name $old"; fi
done > /tmp/replace.txt

# Replace: the old one aside first, so that nothing is written over.
while read -r name old; do
  mv -n "/app/library/$name.txt" "/app/superseded/$name.r$old.txt"
  mv -n "/app/incoming/$name.txt" "/app/library/$name.txt"
done < /tmp/replace.txt
ls /app/library /app/superseded /app/incoming
