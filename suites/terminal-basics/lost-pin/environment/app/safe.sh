#!/bin/bash
# usage: safe.sh PIN      prints the mark of the PIN
h=5381
for ((i = 0; i < ${#1}; i++)); do
  printf -v c '%d' "'${1:i:1}"
  h=$((((h * 33) ^ c) & 0x7fffffff))
done
echo "$h"
