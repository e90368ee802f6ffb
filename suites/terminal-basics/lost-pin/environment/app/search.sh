#!/bin/bash
for ((n = 0; n <= 999999999; n++)); do
  printf -v pin '%09d' "$n"
  if [ "$(/app/safe.sh "$pin")" = "$(cat /app/mark.txt)" ]; then echo "$pin"; fi
done
