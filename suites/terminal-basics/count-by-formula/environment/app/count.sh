#!/bin/bash
# usage: count.sh LIMIT
n=0
for ((i = 1; i <= $1; i++)); do
  if ((i % 6 == 0 || i % 10 == 0)); then ((n++)); fi
done
echo "$n"
