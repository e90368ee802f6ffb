#!/bin/bash
# Names, with what is invisible shown.
tar -tf /app/upload.tar --quoting-style=c

# Unpack apart.
mkdir -p /tmp/raw /app/clean
tar -xf /app/upload.tar -C /tmp/raw

# In byte order, names separated by a zero byte; counted up where a name is taken.
( cd /tmp/raw && export LC_ALL=C && find . -type f -print0 | sort -z | while IFS= read -r -d '' f; do
  name=${f#./}; ext=${name##*.}; stem=${name%.*}
  stem=$(printf %s "$stem" | tr 'A-Z\n' 'a-z-' | sed -e 's/[^a-z0-9][^a-z0-9]*/-/g' -e 's/^-//' -e 's/-$//')
  stem=${stem:-file}; ext=${ext,,}; new=$stem.$ext; n=1
  while [ -e "/app/clean/$new" ]; do n=$((n + 1)); new=$stem-$n.$ext; done
  cp -- "$f" "/app/clean/$new"
done )
ls /app/clean
