#!/bin/bash
# What do they look like?
ls /app/inbox
head -n 4 /app/inbox/*

# In byte order of the names; the head ends at the first empty line.
( cd /app/inbox && export LC_ALL=C && for f in *; do
  taken=$(awk 'NR == 1 && $0 != "PIC1" { exit } /^$/ { exit } /^taken=/ { print substr($0, 7); exit }' "./$f")
  if [ -z "$taken" ]; then target=/app/album/unsorted/$f
  else
    stem=/app/album/${taken:0:4}/${taken:5:2}/${taken:0:4}${taken:5:2}${taken:8:2}-${taken:11:2}${taken:14:2}
    target=$stem.pic; n=1
    while [ -e "$target" ]; do n=$((n + 1)); target=$stem-$n.pic; done
  fi
  mkdir -p "${target%/*}"
  mv -n -- "./$f" "$target"
done )

# All there?
ls -R /app/album
ls -A /app/inbox
