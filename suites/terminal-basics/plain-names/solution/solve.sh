#!/bin/bash
# Names, with what is invisible shown.
tar -tf /app/upload.tar --quoting-style=c

# Unpack apart.
mkdir -p /tmp/raw /app/clean
tar -xf /app/upload.tar -C /tmp/raw

# In byte order; counted up where a name is taken.
( shopt -s dotglob; export LC_ALL=C; cd /tmp/raw && for name in *; do
  ext=${name##*.}; stem=${name%.*}
  stem=$(printf %s "$stem" | tr 'A-Z\n' 'a-z-' | sed -e 's/[^a-z0-9][^a-z0-9]*/-/g' -e 's/^-//' -e 's/-$//')
  stem=${stem:-file}; ext=${ext,,}; new=$stem.$ext; n=1
  while [ -e "/app/clean/$new" ]; do n=$((n + 1)); new=$stem-$n.$ext; done
  cp -- "$name" "/app/clean/$new"
done )
ls /app/clean
