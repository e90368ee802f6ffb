#!/bin/bash
# Present order, by number.
ls /app/episodes | grep '\.txt$' | sort -n > /tmp/now.txt
cat /tmp/now.txt

# The order to be, with the new one after the arrival.
awk '{ print } / - arrival\.txt$/ { print "new - fog horn.txt" }' /tmp/now.txt > /tmp/order.txt

# By way of a folder of its own, so that no name is in the way.
mkdir -p /tmp/renumbered
n=0
while IFS= read -r f; do
  n=$((n + 1)); title=${f#* - }
  case $f in 'new - '*) from="/app/new/$title" ;; *) from="/app/episodes/$f" ;; esac
  mv -n "$from" "/tmp/renumbered/$(printf '%02d' $n) - $title"
done < /tmp/order.txt
ls /tmp/renumbered

# Back in their place.
mv -n /tmp/renumbered/* /app/episodes/
ls /app/episodes /app/new
