#!/bin/bash
# The names, made visible.
tar -tf /app/yard.tar --quoting-style=c
tr '\0\n' '\n?' < /app/delete.lst

# Unpack.
tar -xf /app/yard.tar -C /app

# Delete each by its full path, so that nothing is an option or a pattern.
n=0
while IFS= read -r -d '' name; do
  if rm "/app/yard/$name"; then n=$((n + 1)); fi
done < /app/delete.lst
echo "$n" > /app/deleted.txt
ls -A --quoting-style=c /app/yard
