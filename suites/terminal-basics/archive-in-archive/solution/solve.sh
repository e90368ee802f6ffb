#!/bin/bash
# The outer archive.
mkdir -p /tmp/cellar
tar -xzf /app/cellar.tar.gz -C /tmp/cellar
ls -R /tmp/cellar

# Each inner one into a folder of its own name.
( cd /tmp/cellar && for a in room/shelf-*; do mkdir -p "/tmp/inner/$a" && tar -xf "$a" -C "/tmp/inner/$a"; done )
grep -rl 'letter 7777 to the harbour master' /tmp/inner > /tmp/hit.txt; cat /tmp/hit.txt

# Deliver.
mkdir -p /app/found
cp "$(cat /tmp/hit.txt)" /app/found/box.txt
sed -E 's#^/tmp/inner/(.*)/([^/]*)$#\1 \2#' /tmp/hit.txt > /app/found/where.txt
cat /app/found/where.txt
