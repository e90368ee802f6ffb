#!/bin/bash
# usage: totals.sh FILE
declare -A sum
cat "$1" | while IFS=';' read customer text cents; do
  sum[$customer]=$((${sum[$customer]:-0} + cents))
done
for customer in ${!sum[@]}; do
  echo "$customer ${sum[$customer]}"
done | sort
